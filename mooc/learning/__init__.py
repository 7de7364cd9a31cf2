"""Enrollment, attempts, grades and progress: facts in rows, everything else computed from them."""
