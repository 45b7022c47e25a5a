"""The spool: jobs on disk before the first byte, one at a time per printer, none lost."""

from printing.spool.jobs import OPEN, JobState, PrintJob, SpoolStore, new_job
from printing.spool.news import OnNews, SpoolNews
from printing.spool.spool import Spool

__all__ = [
    "OPEN",
    "JobState",
    "OnNews",
    "PrintJob",
    "Spool",
    "SpoolNews",
    "SpoolStore",
    "new_job",
]
