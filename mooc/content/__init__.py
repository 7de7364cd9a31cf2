"""Courses as values: files become an immutable `Course`. No Flask, no database, no clock."""
