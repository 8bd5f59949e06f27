"""The figures' words in English, by key: titles, definitions, columns, units, and what the pictures tell.

Another language is another mapping with the same keys; `reason_…` may be added for each reason of a hand-over.
"""

from __future__ import annotations

from collections.abc import Mapping

TITLES: Mapping[str, str] = {
    "title_open": "Open now",
    "title_waiting": "Waiting now",
    "title_first_reply": "First reply of a person",
    "title_time_to_close": "Time to close",
    "title_settled": "Settled without a person",
    "title_still_settled": "Still settled after seven days",
    "title_handovers": "Reasons for handing over",
    "title_dispute_rate": "Dispute rate",
    "title_understanding": "Not understood",
    "title_ratings": "Ratings of people's help",
}

DEFINITIONS: Mapping[str, str] = {
    "definition_open": (
        "Conversations that wait for a person or that a person has at this moment, by the day they came into the"
        " queue. Those that came before the period are counted too."
    ),
    "definition_waiting": (
        "Conversations that wait for a person at this moment, by the day they came into the queue. Those that came"
        " before the period are counted too, and so are those that a person gave back to the queue."
    ),
    "definition_first_reply": (
        "From coming into the queue to the first message of a person, by the day it came into the queue; nights and"
        " days off count as time. The median is the time within which half of those replied to had their reply, the"
        " 90th percentile that of nine in ten; fewer than five give no median, fewer than ten no 90th percentile. Those"
        " without a reply are in neither and have their own columns."
    ),
    "definition_time_to_close": (
        "From coming into the queue until a person gave it back to the assistant or it was closed, by the day it came"
        " into the queue; nights and days off count as time. Those still open, and those that the buyer took back"
        " before a person had it, are not in the median and the 90th percentile and have their own columns. Fewer than"
        " five give no median, fewer than ten no 90th percentile."
    ),
    "definition_settled": (
        "Of the conversations begun in the period in which the buyer wrote something: those that the assistant"
        " answered and that came neither into the queue nor to a person up to seven days after its last answer. A"
        " buyer who left without a word counts as settled; the next figure tells how many came back."
    ),
    "definition_still_settled": (
        "Of the conversations settled without a person: those after whose last answer seven days passed without a"
        " new dispute case for the same order, and without a hand-over in another conversation with the same order or"
        " e-mail address. Not in the share: last answers less than seven days old (too early to tell), and buyers who"
        " proved neither an order nor an e-mail address, whose coming back nobody would notice."
    ),
    "definition_handovers": (
        "How often a conversation came into the queue, by the reason given, or was taken up by a person who was not"
        " asked. One that a person gives back to the queue is not counted again; one that comes back after it was"
        " closed or handed back is."
    ),
    "definition_dispute_rate": (
        "Cases with a type of dispute that were opened in the period, of each 100 orders placed in it; the orders that"
        " the cases are about may be older. Not counted: cases without a type, such as another address, a"
        " cancellation or a change of mind, and parcels that the buyer found after all."
    ),
    "definition_understanding": (
        "Of the messages that buyers wrote in their own words and the assistant read, in conversations begun in the"
        " period: those it did not understand. Corrected: the buyer then chose what was meant. Handed over: a person"
        " was asked for or called. Refused: neither. Choices taken, photos, and messages that only people read are not"
        " counted. Messages not understood are forgotten after 90 days unless they were labelled, so that the share of"
        " older ones comes out too low."
    ),
    "definition_ratings": (
        "Ratings that buyers gave in the period after a person helped them, and the share of good ones. Who gave none"
        " is not counted; most give none."
    ),
}

COLUMNS: Mapping[str, str] = {
    "column_open": "open",
    "column_waiting": "waiting",
    "column_came": "came into the queue",
    "column_replied": "replied to",
    "column_median": "median",
    "column_p90": "90th percentile",
    "column_no_reply_yet": "no reply yet",
    "column_never_replied": "ended without a reply",
    "column_ended": "closed or handed back",
    "column_still_open": "still open",
    "column_taken_back": "taken back by the buyer",
    "column_conversations": "conversations",
    "column_settled": "settled",
    "column_handed_over": "handed over",
    "column_unanswered": "no answer",
    "column_share_settled": "share settled",
    "column_too_early": "too early to tell",
    "column_unknown_buyer": "buyer not known again",
    "column_counted": "counted",
    "column_still_settled": "still settled",
    "column_share_still_settled": "share still settled",
    "column_all": "all",
    "column_no_reason": "no reason given",
    "column_disputes": "disputes",
    "column_orders": "orders placed",
    "column_rate": "disputes per 100 orders",
    "column_messages": "messages",
    "column_refused": "refused",
    "column_corrected": "corrected",
    "column_understanding_handed_over": "handed over",
    "column_share_missed": "share not understood",
    "column_good": "good",
    "column_bad": "bad",
    "column_share_good": "share good",
}

REASONS: Mapping[str, str] = {"reason_taken_up": "taken up by a person"}

PICTURES: Mapping[str, str] = {
    "by_day": "day",
    "by_language": "language",
    "by_country": "country",
    "by_carrier": "carrier",
    "by_reason": "reason",
    "row_earlier": "earlier",
    "row_later": "later",
    "row_total": "total",
    "unit_minutes": "{number} min",
    "unit_hours": "{number} h",
    "unit_share": "{number} %",
    "unit_header": "{title} ({unit})",
    "unit_name_minutes": "minutes",
    "unit_name_share": "0 to 1",
    "chart_empty": "Nothing in this period.",
    "chart_by": "{columns}, by {by}.",
    "chart_range": "{column}: highest {highest} ({at_highest}), lowest {lowest} ({at_lowest}).",
    "chart_nothing": "{column}: too few to tell.",
    "chart_more": "{count} more in the table",
    "chart_point": "{row}: {value}",
}

ENGLISH: Mapping[str, str] = {**TITLES, **DEFINITIONS, **COLUMNS, **REASONS, **PICTURES}
