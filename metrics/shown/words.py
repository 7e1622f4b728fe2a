"""The phrases of the pages, by name."""

from django.utils.translation import gettext_noop as _

# Sent along with each page, so that what a script writes reads as what the server wrote.
WORDS = {
    # numbers and times
    "percent": _("{value}\u00a0%"),
    "seconds": _("{s}\u00a0s"),
    "minutes": _("{m}\u00a0min"),
    "hours": _("{h}\u00a0h {mm}\u00a0min"),
    "days": _("{d}\u00a0d {h}\u00a0h"),
    "whole_hours": _("{h}\u00a0h"),
    "of": _("of {whole}"),
    # states
    "state_working": _("working"),
    "state_idle": _("idle"),
    "state_absent": _("absent"),
    "state_unknown": _("not seen"),
    "state_break": _("break"),
    "station_absent": _("empty"),
    "at_place": _("at {place}"),
    "since": _("since {time}"),
    "since_lasting": _("since {time}, {lasting}"),
    "never_seen": _("no event yet"),
    # periods
    "window_live": _("the last hour"),
    "window_shift": _("the shift"),
    "window_today": _("today"),
    "window_yesterday": _("yesterday"),
    "window_7d": _("7 days"),
    "window_30d": _("30 days"),
    "window_range": _("this period"),
    "window_asked": _("the period asked for"),
    "moment": _("as of {time}"),
    # the schedule
    "shift": _("{names} shift"),
    "shift_until": _("{names} shift until {time}"),
    "break_until": _("Break until {time}"),
    "closed_until": _("Closed until {time}"),
    "closed": _("Closed: no shift is planned"),
    "always": _("No shifts are set: all time counts"),
    "shift_breaks": _("{shift}, breaks {breaks}"),
    "recalculating": _(
        "Figures are being recalculated after a change of settings; they may still move."
    ),
    "until_reviewed": _("they count once a reviewer has confirmed them"),
    "waiting": _("Events less sure than {least} count once a reviewer has confirmed them"),
    # the period before
    "compared": _("Compared with {window}"),
    "compared_partial": _("Compared with {window}, of which only {value} was seen"),
    "not_compared": _("Nothing to compare with: nothing was seen in the period before"),
    "then_yesterday": _("yesterday"),
    "then_days": _("the {n} days before"),
    "then_all": _("all workers together"),
    "points_above": _("{n} points above {name}"),
    "points_below": _("{n} points below {name}"),
    "more_than": _("{n} more than {name}"),
    "fewer_than": _("{n} fewer than {name}"),
    "same_as": _("the same as {name}"),
    "less_scheduled": _("not comparable: {name} had less time scheduled"),
    "more_scheduled": _("not comparable: {name} had more time scheduled"),
    # what needs attention
    "not_seen": _("{station} not seen since {time}"),
    "not_seen_now": _("{station} not seen"),
    "empty": _("{station} empty since {time}"),
    "empty_now": _("{station} empty"),
    "under_target": _("{station} at {attainment} of its target"),
    "more_attention": _("and {n} more"),
    "all_well": _("Nothing needs attention"),
    # figures
    "of_target": _("{attainment} of {target} planned until {until}"),
    "aimed": _("{units} made where a target is set, in the time scheduled there"),
    "no_target": _("no target is set"),
    "units_note": _("counted inside shifts"),
    "outside_one": _("1 unit outside shifts"),
    "outside": _("{n} units outside shifts"),
    "by_events": _("by events {value}"),
    "present_note": _("seen working or idle, of those with a shift now"),
    "present_unscheduled": _("seen working or idle; nobody has a shift now"),
    "present_past": _("known only for a period that reaches now"),
    "seen": _("seen"),
    "unseen": _("{unseen} of {scheduled} unknown, all workers together"),
    "unseen_own": _("{unseen} of {scheduled} unknown"),
    "all_seen": _("nothing is unknown"),
    "rate_note": _("per hour working or idle; {working} per working hour"),
    "availability_note": _("somebody working, of {scheduled} scheduled"),
    "occupancy_note": _("somebody there, of {scheduled} scheduled"),
    "labour_note": _("working, of {observed} of people’s time there"),
    # what they rest on
    "band": _("between {low} and {high}, whatever was not seen"),
    "seen_exactly": _("seen {value} of the scheduled time"),
    "events_one": _("1 event"),
    "events": _("{n} events"),
    "ago": _("{age} ago"),
    "newest": _("newest event {age} ago"),
    "newest_at": _("newest event {time}"),
    "no_events": _("no event in this period"),
    "partial": _("uncertain: less than {value} was seen"),
    "nothing_seen": _("no worker was seen"),
    "nothing_seen_own": _("nothing was seen"),
    "nothing_scheduled": _("nothing was scheduled"),
    "anonymous": _("nobody in particular: in no figure about workers"),
    "no_shift_named": _("no shift named: counted in all shifts"),
    "remedy_shifts_one": _(
        "What to do: 1 worker has no shift named and is counted in all shifts. Name it under"
        " Administration, Workers."
    ),
    "remedy_shifts": _(
        "What to do: {n} workers have no shift named and are counted in all shifts. Name them under"
        " Administration, Workers."
    ),
    "remedy_cameras": _(
        "What to do: see on the live floor which workstations are not seen, and look at their"
        " cameras."
    ),
    "less_sure": _("recognition less sure since {time}"),
    "less_sure_now": _("recognition less sure"),
    # bottlenecks
    "bottleneck": _(
        "bottleneck: {attainment} of target, somebody there {occupancy}, working {utilization}"
    ),
    "missing_one": _("1 unit missing"),
    "missing": _("{n} units missing"),
    "reason_empty": _("mostly because nobody was seen there"),
    "reason_waiting": _("mostly because people there were not working"),
    "reason_pace": _("mostly because work took longer than the target allows"),
    "behind_empty": _("behind: nobody seen there"),
    "behind_waiting": _("behind: there, not working"),
    "behind_pace": _("behind: slower than planned"),
    "loss_pace": _("slower than the target"),
    "gain_pace": _("faster than the target"),
    "points": _("{n} points"),
    # a part of a long list
    "part": _("{first}–{last} of {whole}"),
    "part_found": _("{first}–{last} of {found} found, {whole} in all"),
    "part_empty": _("0 found, {whole} in all"),
    "none_found": _("No code or name here has “{find}” in it."),
    # the live floor
    "filter_all": _("All"),
    "filter_attention": _("Need attention"),
    "units_one": _("1 unit"),
    "units": _("{n} units"),
    "units_of_target": _("{units}, {attainment} of target"),
    "present_of": _("{present} of {scheduled} present"),
    "present_off": _("{present} present"),
    "there_working": _("somebody there {occupancy}, working {utilization} of people’s time there"),
    # the timeline
    "strip_hint": _("{word}, {lasting}"),
    "zoomed": _("Shown: {span}"),
    "watched_by": _("watched by {cameras}, as assigned today"),
    "watched_by_none": _("no camera is assigned to it today"),
    "units_from_to": _("{units} from {span}"),
    "more_spans_one": _("And 1 more. Zoom in, or take all of them along."),
    "more_spans": _("And {n} more. Zoom in, or take all of them along."),
    "clocks_forward": _("The clocks go forward here, from {time} to {then}."),
    "clocks_back": _("The clocks go back here, from {time} to {then}: that time comes twice."),
    # by hour
    "hour_of_days": _("{hour}, all days together"),
    "utilization_told": _("utilization {value}"),
    "rate_scheduled": _("{rate} per scheduled hour"),
    "share_of_target": _("{value} of target"),
    "seen_there": _("people’s time seen there {seen}, of {scheduled} scheduled"),
    # sites
    "zone_now": _("{time} in {zone}"),
    "need_attention_one": _("1 workstation needs attention"),
    "need_attention": _("{n} workstations need attention"),
    # charts
    "chart_utilization": _("utilization"),
    "chart_low": _("lowest"),
    "chart_high": _("highest"),
    "chart_units": _("units"),
    # freshness
    # on a wall screen
    "attention_list": _("{words}: {stations}"),
    "units_alone": _("units"),
    "turn": _("{page} of {pages}"),
    "stale": _("Showing {time}, trying again"),
    "logged_out": _("You are logged out, figures no longer move."),
    "log_in": _("Log in again"),
}
