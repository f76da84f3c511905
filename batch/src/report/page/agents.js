// Agents: what each was offered, and what became of it.

function showAgents(data) {
  const nameOf = (row) => labelOf(data.agents, row.agent, "not known");
  const total = { name: "All" };
  for (const row of data.agent_rows) {
    for (const [name, value] of Object.entries(row)) {
      if (name !== "agent") total[name] = (total[name] ?? 0) + value;
    }
  }
  const rows = data.agent_rows.map((row) => ({ ...row, name: nameOf(row) }));
  const count = (label, key, title) => ({ label, title, value: (row) => row[key], text: number });
  const share = (row) => quotient(row.no_answer, row.offers);
  const handleTime = (row) => quotient(row.talk_ms + row.hold_ms + row.wrapup_ms, row.handled);
  put(
    "agents-table",
    rows.length === 0
      ? element("p", { class: "lead" }, "No agent was offered a task.")
      : table({
          caption: "Agents and their offers",
          rows,
          total,
          limit: 20,
          sort: { at: 3, descending: true },
          filter: {
            label: "Filter agents",
            text: (row) => `${row.name} ${data.agents[row.agent]?.id ?? ""}`,
          },
          columns: [
            {
              label: "Agent",
              value: (row) => row.name,
              cell: (row) => labelled(row.name, data.agents[row.agent]?.id),
            },
            count("Offers", "offers", "Offers to this agent"),
            count("Answered", "answered"),
            count("RONA", "no_answer", "Rang out without an answer"),
            { label: "RONA rate", value: share, text: percent },
            count("Declined", "declined", "Declined, or was busy"),
            count("Unreachable", "unreachable", "Could not be reached"),
            count("No media", "failed", "No media to the agent"),
            count("Withdrawn", "withdrawn", "The customer left while it rang"),
            count("Customers", "handled", "Connected with a customer"),
            {
              label: "Handle time",
              title: "Mean of talk, hold and after-call work",
              value: handleTime,
              text: duration,
            },
            { label: "Hold", value: (row) => quotient(row.hold_ms, row.handled), text: duration },
            {
              label: "Wrap-up",
              value: (row) => quotient(row.wrapup_ms, row.handled),
              text: duration,
            },
          ],
        }),
  );
}
