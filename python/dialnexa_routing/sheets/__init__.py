"""Rate sheets: whatever a provider publishes, as canonical rows with faults and counts beside them."""

from dialnexa_routing.sheets.sheet import RateSheet

__all__ = ["RateSheet"]
