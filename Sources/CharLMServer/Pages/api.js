// Asks the server. Its errors say which field is wrong.

let token = sessionStorage.getItem("token") ?? "";

/** Keeps the token for this tab; the link does not hold it any longer. */
export const keepToken = (given) => { token = given; sessionStorage.setItem("token", given); };

const ask = async (path, body, signal) => {
  const headers = token ? { Authorization: "Bearer " + token } : {};
  if (body) headers["Content-Type"] = "application/json";
  const response = await fetch(path, { method: body ? "POST" : "GET", headers, signal, body: body && JSON.stringify(body) });
  if (response.ok) return response;
  let message = "the server answered " + response.status;
  try { message = (await response.json()).error.message; } catch { /* no JSON: the status must do */ }
  throw Object.assign(new Error(message), { status: response.status });
};

/** The JSON at a path; with a body, what it is answered with. */
export const json = async (path, body, signal) => (await ask(path, body, signal)).json();

/** The text that a body is answered with. */
export const text = async (path, body) => (await ask(path, body)).text();

/** Calls `take` with each server-sent event, as JSON. */
export const events = async (path, body, signal, take) => {
  const reader = (await ask(path, body, signal)).body.pipeThrough(new TextDecoderStream()).getReader();
  let rest = "";
  for (;;) {
    const { done, value } = await reader.read();
    if (done) return;
    const parts = (rest + value).split("\n\n");
    rest = parts.pop();
    for (const part of parts) if (part.startsWith("data: ")) take(JSON.parse(part.slice(6)));
  }
};
