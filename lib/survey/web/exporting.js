// What the makers get: one file a respondent, in codes; positions count from 1 in the order shown.
const FORMAT = "survey-response/1";

function answersOf(data, state) {
  const items = apart(shownOrder(state.seed, "items", data.items)).filter((item) => (state.answers[item.code] || {}).done);
  return {
    format: FORMAT,
    survey: checksum(data),
    respondent: state.respondent,
    seed: state.seed,
    started: state.started,
    exported: new Date().toISOString(),
    listed: data.items.length,
    items: items.map((item) => ({
      item: item.code,
      seconds: Math.round(state.answers[item.code].seconds * 10) / 10,
      captions: shownOrder(state.seed, item.code, item.captions).map((caption, n) => ({
        caption: caption.code,
        rank: state.answers[item.code].ranks[caption.code],
        position: n + 1,
      })),
    })),
  };
}

function asJson(answers) {
  return JSON.stringify(answers, null, 1) + "\n";
}

function asCsv(answers) {
  const head = ["respondent", "clip_id", "captioner", "rank", "position", "seconds", "survey", "seed"];
  const rows = answers.items.flatMap(({ item, seconds, captions }) => captions.map(({ caption, rank, position }) =>
    [answers.respondent, item, caption, rank, position, seconds, answers.survey, answers.seed]));
  return [head, ...rows].map((row) => row.join(",")).join("\n") + "\n";
}

function download(answers, format) {
  const [text, type] = format === "csv" ? [asCsv(answers), "text/csv"] : [asJson(answers), "application/json"];
  const link = document.createElement("a");
  link.href = URL.createObjectURL(new Blob([text], { type }));
  link.download = `survey-${answers.survey}-${answers.respondent}.${format}`;
  document.body.append(link);
  link.click();
  link.remove();
  setTimeout(() => URL.revokeObjectURL(link.href), 60000);
}
