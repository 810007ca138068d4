"""What calls cost and why, for those who bill and buy: invoices, comparisons, reconciliation, drift."""

from __future__ import annotations

from typing import TYPE_CHECKING

from dialnexa_routing.text.lazily import lazily

if TYPE_CHECKING:
    from dialnexa_routing.billing.break_even import Span, spans
    from dialnexa_routing.billing.call_charts import cost_chart, duration_chart, price_chart
    from dialnexa_routing.billing.comparison import Comparison, compare
    from dialnexa_routing.billing.dial_code_chart import coverage_chart
    from dialnexa_routing.billing.duration_histogram import histogram
    from dialnexa_routing.billing.invoice import Invoice, Invoices, invoices
    from dialnexa_routing.billing.margins import Margin, margin
    from dialnexa_routing.billing.offered import Offer, Offers, offers
    from dialnexa_routing.billing.re_rating import Cause
    from dialnexa_routing.billing.reconciliation import Reconciliation, reconcile
    from dialnexa_routing.billing.repricing import Repricing, reprice
    from dialnexa_routing.billing.rounding_drift import Drift, drift
    from dialnexa_routing.billing.sheet_margin import SheetMargin, sold_below_cost
    from dialnexa_routing.billing.tax import Supply, Taxed, TaxLine, TaxRounding, gst, taxed

__all__ = [
    "Cause",
    "Comparison",
    "Drift",
    "Invoice",
    "Invoices",
    "Margin",
    "Offer",
    "Offers",
    "Reconciliation",
    "Repricing",
    "SheetMargin",
    "Span",
    "Supply",
    "TaxLine",
    "TaxRounding",
    "Taxed",
    "compare",
    "cost_chart",
    "coverage_chart",
    "drift",
    "duration_chart",
    "gst",
    "histogram",
    "invoices",
    "margin",
    "offers",
    "price_chart",
    "reconcile",
    "reprice",
    "sold_below_cost",
    "spans",
    "taxed",
]

__getattr__, __dir__ = lazily(
    "dialnexa_routing.billing",
    {
        "Cause": "re_rating",
        "Comparison": "comparison",
        "Drift": "rounding_drift",
        "Invoice": "invoice",
        "Invoices": "invoice",
        "Margin": "margins",
        "Offer": "offered",
        "Offers": "offered",
        "Reconciliation": "reconciliation",
        "Repricing": "repricing",
        "SheetMargin": "sheet_margin",
        "Span": "break_even",
        "Supply": "tax",
        "TaxLine": "tax",
        "TaxRounding": "tax",
        "Taxed": "tax",
        "compare": "comparison",
        "cost_chart": "call_charts",
        "coverage_chart": "dial_code_chart",
        "drift": "rounding_drift",
        "duration_chart": "call_charts",
        "gst": "tax",
        "histogram": "duration_histogram",
        "invoices": "invoice",
        "margin": "margins",
        "offers": "offered",
        "price_chart": "call_charts",
        "reconcile": "reconciliation",
        "reprice": "repricing",
        "sold_below_cost": "sheet_margin",
        "spans": "break_even",
        "taxed": "tax",
    },
)
