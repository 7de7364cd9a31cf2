"""Certificates: who has earned one, the frozen record of it, its PDF, and the issuer's key."""
