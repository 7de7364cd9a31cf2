"""Published courses: immutable releases, question versions, and one live pointer per course."""
