// The report's only script: a click on a place opens it in the editor.
(function () {
  const vscode = acquireVsCodeApi();
  document.addEventListener('click', (event) => {
    const target = event.target instanceof Element ? event.target.closest('[data-file]') : null;
    if (!(target instanceof HTMLElement)) return;
    event.preventDefault();
    vscode.postMessage({ file: target.dataset.file, line: Number(target.dataset.line), column: Number(target.dataset.column) });
  });
})();
