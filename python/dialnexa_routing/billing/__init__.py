"""What calls cost and why, for those who bill and buy: invoices, comparisons, reconciliation, drift."""

from __future__ import annotations

from typing import TYPE_CHECKING

from dialnexa_routing.text.lazily import lazily

if TYPE_CHECKING:
    from dialnexa_routing.billing import period
    from dialnexa_routing.billing.bill import Balance, Bill, BillLine
    from dialnexa_routing.billing.bill_making import Adjustment, bill_of, credit_note
    from dialnexa_routing.billing.bill_run import BillRun, BillTerms, issue, read_bill
    from dialnexa_routing.billing.break_even import Span, spans
    from dialnexa_routing.billing.call_charts import cost_chart, duration_chart, price_chart
    from dialnexa_routing.billing.closing import closed, owed
    from dialnexa_routing.billing.comparison import Comparison, compare
    from dialnexa_routing.billing.dial_code_chart import coverage_chart
    from dialnexa_routing.billing.duration_histogram import histogram
    from dialnexa_routing.billing.fraud import FraudScreen, fraud_screen
    from dialnexa_routing.billing.invoice import Invoice, Invoices, invoices
    from dialnexa_routing.billing.invoice_sums import sums_of
    from dialnexa_routing.billing.margins import Margin, margin
    from dialnexa_routing.billing.offered import Offer, Offers, offers
    from dialnexa_routing.billing.party import Party, Seller
    from dialnexa_routing.billing.price_card import PriceNotice, RateCard, price_notice, rate_card
    from dialnexa_routing.billing.re_rating import Cause
    from dialnexa_routing.billing.reconciliation import Reconciliation, reconcile
    from dialnexa_routing.billing.repricing import Repricing, reprice
    from dialnexa_routing.billing.rounding_drift import Drift, drift
    from dialnexa_routing.billing.sheet_margin import SheetMargin, sold_below_cost
    from dialnexa_routing.billing.tax import Supply, Taxed, TaxLine, TaxRounding, gst, taxed
    from dialnexa_routing.billing.traffic_report import Traffic, traffic

__all__ = [
    "Adjustment",
    "Balance",
    "Bill",
    "BillLine",
    "BillRun",
    "BillTerms",
    "Cause",
    "Comparison",
    "Drift",
    "FraudScreen",
    "Invoice",
    "Invoices",
    "Margin",
    "Offer",
    "Offers",
    "Party",
    "PriceNotice",
    "RateCard",
    "Reconciliation",
    "Repricing",
    "Seller",
    "SheetMargin",
    "Span",
    "Supply",
    "TaxLine",
    "TaxRounding",
    "Taxed",
    "Traffic",
    "bill_of",
    "closed",
    "compare",
    "cost_chart",
    "coverage_chart",
    "credit_note",
    "drift",
    "duration_chart",
    "fraud_screen",
    "gst",
    "histogram",
    "invoices",
    "issue",
    "margin",
    "offers",
    "owed",
    "period",
    "price_chart",
    "price_notice",
    "rate_card",
    "read_bill",
    "reconcile",
    "reprice",
    "sold_below_cost",
    "spans",
    "sums_of",
    "taxed",
    "traffic",
]

__getattr__, __dir__ = lazily(
    "dialnexa_routing.billing",
    {
        "Adjustment": "bill_making",
        "Balance": "bill",
        "Bill": "bill",
        "BillLine": "bill",
        "BillRun": "bill_run",
        "BillTerms": "bill_run",
        "Cause": "re_rating",
        "Comparison": "comparison",
        "Drift": "rounding_drift",
        "FraudScreen": "fraud",
        "Invoice": "invoice",
        "Invoices": "invoice",
        "Margin": "margins",
        "Offer": "offered",
        "Offers": "offered",
        "Party": "party",
        "PriceNotice": "price_card",
        "RateCard": "price_card",
        "Reconciliation": "reconciliation",
        "Repricing": "repricing",
        "Seller": "party",
        "SheetMargin": "sheet_margin",
        "Span": "break_even",
        "Supply": "tax",
        "TaxLine": "tax",
        "TaxRounding": "tax",
        "Taxed": "tax",
        "Traffic": "traffic_report",
        "bill_of": "bill_making",
        "closed": "closing",
        "compare": "comparison",
        "cost_chart": "call_charts",
        "coverage_chart": "dial_code_chart",
        "credit_note": "bill_making",
        "drift": "rounding_drift",
        "duration_chart": "call_charts",
        "fraud_screen": "fraud",
        "gst": "tax",
        "histogram": "duration_histogram",
        "invoices": "invoice",
        "issue": "bill_run",
        "margin": "margins",
        "offers": "offered",
        "owed": "closing",
        "price_chart": "call_charts",
        "price_notice": "price_card",
        "rate_card": "price_card",
        "read_bill": "bill_run",
        "reconcile": "reconciliation",
        "reprice": "repricing",
        "sold_below_cost": "sheet_margin",
        "spans": "break_even",
        "sums_of": "invoice_sums",
        "taxed": "tax",
        "traffic": "traffic_report",
    },
    {"period": "period"},
)
