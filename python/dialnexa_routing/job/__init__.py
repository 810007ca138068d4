"""The nightly job: a folder of call records rated file by file, so that it can be killed and started again.

`RatingJob` is the job, `JobReport` what came of it; `Estimate` says beforehand what it would be.
"""

from dialnexa_routing.files.rejected import Unreadable
from dialnexa_routing.job.estimate import Estimate
from dialnexa_routing.job.job import OnChange, OutputFormat, RatingJob, Step
from dialnexa_routing.job.job_report import JobReport
from dialnexa_routing.job.manifest import Entry, Manifest
from dialnexa_routing.job.work import State, Work, WorkPlan

__all__ = [
    "Entry",
    "Estimate",
    "JobReport",
    "Manifest",
    "OnChange",
    "OutputFormat",
    "RatingJob",
    "State",
    "Step",
    "Unreadable",
    "Work",
    "WorkPlan",
]
