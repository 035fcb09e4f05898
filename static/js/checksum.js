/** The SHA-256 of a file, so that known bytes need not travel; null where the browser cannot or should not. */

const MOST = 200 * 1024 * 1024;

export async function checksum(file) {
  if (!globalThis.crypto?.subtle || file.size > MOST) return null;
  const digest = await crypto.subtle.digest("SHA-256", await file.arrayBuffer());
  return [...new Uint8Array(digest)].map((byte) => byte.toString(16).padStart(2, "0")).join("");
}
