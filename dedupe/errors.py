"""What the workflow refuses, in words that may be shown to the person who asked.

WorkflowError
 ├── Conflict     somebody was first, or a later act stands in the way
 ├── NotAllowed   this person may not do it
 ├── TooLate      the retention time has passed
 └── TooMany      this person has too much of it going on already
"""


class WorkflowError(Exception):
    """The act was not done. ``str(error)`` is a sentence for the person."""


class Conflict(WorkflowError):
    """Somebody was first, or a later act stands in the way."""


class NotAllowed(WorkflowError):
    """This person may not do it."""


class TooLate(WorkflowError):
    """The retention time has passed."""


class TooMany(WorkflowError):
    """This person has too much of it going on already."""
