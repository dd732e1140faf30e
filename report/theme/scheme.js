// Sets the colour scheme before anything is painted: the reader's last choice, else what the system prefers.
(function () {
  let chosen = null;
  try { chosen = localStorage.getItem("report-theme"); } catch (_) { /* storage may be closed to files on disk */ }
  const dark = chosen ? chosen === "dark" : matchMedia("(prefers-color-scheme: dark)").matches;
  document.documentElement.dataset.theme = dark ? "dark" : "light";
})();
