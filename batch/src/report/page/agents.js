// Agents: how long each was there and at work, what each was offered, and what became of it.

function showAgents(data) {
  const nameOf = (row) => labelOf(data.agents, row.agent, "not known");
  const rows = data.agent_rows.map((row) => ({ ...row, name: nameOf(row) }));
  const count = (label, key, title) => ({ label, title, value: (row) => row[key], text: number });
  // Where no event told a state of the agent, nothing is known, rather than nothing done.
  const time = (label, key, title) => ({
    label,
    title,
    value: (row) => (row.logged_in_ms > 0 ? row[key] : null),
    text: duration,
  });
  const occupancy = (row) =>
    quotient(
      row.ringing_ms + row.talk_ms + row.hold_ms + row.wrapup_ms,
      row.logged_in_ms - row.idle_ms,
    );
  put(
    "agents-table",
    rows.length === 0
      ? element("p", { class: "lead" }, "No event names an agent, and no task was offered to one.")
      : table({
          file: "agents",
          caption: "Agents, their time and their offers",
          rows,
          total: sumOf,
          limit: 20,
          sort: { at: 3, descending: true },
          filter: {
            label: "Filter agents",
            text: (row) => `${row.name} ${data.agents[row.agent]?.id ?? ""}`,
          },
          columns: [
            nameColumn("Agent", (row) => data.agents[row.agent]?.id),
            time("Logged in", "logged_in_ms", "From login to logout"),
            {
              label: "Occupancy",
              title: "Ringing, talk, hold and wrap-up, of the time logged in and not idle",
              value: occupancy,
              text: percent,
            },
            count("Offers", "offers", "Offers to this agent"),
            count("Answered", "answered"),
            count("RONA", "rona", "Rang out without an answer"),
            {
              label: "RONA rate",
              value: (row) => quotient(row.rona, row.offers),
              text: percent,
            },
            count("Declined", "declined", "Declined, or was busy"),
            time("Talk", "talk_ms", "With customers, conferences included"),
            time("Hold", "hold_ms", "Consultations included"),
            time("Wrap-up", "wrapup_ms", "After-call work"),
          ],
        }),
  );
}
