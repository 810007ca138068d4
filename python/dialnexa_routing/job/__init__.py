"""The nightly job: a folder of call records rated file by file, so that it can be killed and started again.

`RatingJob` is the job, `JobReport` what came of it; `JobEstimate` says beforehand what it would be.
"""

from dialnexa_routing.files.rejected import Unreadable
from dialnexa_routing.job.estimate import JobEstimate
from dialnexa_routing.job.job import JobStep, OnChange, OutputFormat, RatingJob
from dialnexa_routing.job.job_report import JobReport
from dialnexa_routing.job.manifest import JobEntry, JobManifest
from dialnexa_routing.job.work import JobWork, WorkPlan, WorkState

__all__ = [
    "JobEntry",
    "JobEstimate",
    "JobManifest",
    "JobReport",
    "JobStep",
    "JobWork",
    "OnChange",
    "OutputFormat",
    "RatingJob",
    "Unreadable",
    "WorkPlan",
    "WorkState",
]
