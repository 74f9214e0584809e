/** What to do once nothing is left to do: no timer, no open request, nothing that would keep Node.js running. */
let action;

process.on('beforeExit', () => {
  const now = action;
  action = undefined;
  now?.();
});

/** `next` is done when the event loop is empty. It replaces what was to be done then. */
export function whenIdle(next) {
  action = next;
}
