// Seconds an item was on screen, a hidden tab not counted, added up over visits.
const clock = { answer: null, since: 0 };

function stopClock() {
  if (clock.answer && clock.since) clock.answer.seconds += (performance.now() - clock.since) / 1000;
  clock.since = 0;
}

function startClock(answer) {
  stopClock();
  clock.answer = answer;
  clock.since = answer && !document.hidden ? performance.now() : 0;
}

// Brings the running answer up to date without stopping.
function readClock() {
  if (clock.since) startClock(clock.answer);
}

document.addEventListener("visibilitychange", () => (document.hidden ? stopClock() : startClock(clock.answer)));
