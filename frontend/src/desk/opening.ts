// A ticket opens at what is new, or at its newest message, as any inbox does. The focus stays, so that whoever hears the
// page begins at its head. A page one comes back to, one led to a place of its own, and one that says what was wrong stay as they are.

export function openAtWhatIsNew(): void {
  const [visit] = performance.getEntriesByType("navigation") as PerformanceNavigationTiming[];
  if (location.hash || visit?.type !== "navigate" || document.querySelector("[autofocus]")) return;
  document.getElementById("new")?.closest("li")?.scrollIntoView({ block: "start" });
}
