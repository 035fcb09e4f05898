/**
 * The next case of the desk, fetched while a person looks at this one, and shown the moment that this one is decided.
 *
 * What is fetched claims nothing: the answer to the decision claims the next case and takes the place of what was shown.
 */

let ahead = { address: "", html: "" };

/** Fetch the part at this address, unless it is there already. */
export async function fetchAhead(address) {
  if (!address || ahead.address === address) return;
  ahead = { address, html: "" };
  try {
    const response = await fetch(address, { headers: { "X-Desk": "1" } });
    const html = response.ok && response.headers.get("X-Desk-Address") ? await response.text() : "";
    if (ahead.address === address) ahead.html = html;
  } catch {
    forgetAhead(); // it will come with the answer
  }
}

/** What was fetched of this address, once; nothing when it has not come. */
export function takeAhead(address) {
  const html = address === ahead.address ? ahead.html : "";
  forgetAhead();
  return html;
}

export function forgetAhead() {
  ahead = { address: "", html: "" };
}
