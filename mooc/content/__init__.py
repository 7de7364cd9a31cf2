"""Courses as values: files at a commit become an immutable `Course`. No Flask, no database, no clock."""
