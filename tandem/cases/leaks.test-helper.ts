/** Something that is written or shown. */
export interface Shown {
  readonly where: string;
  readonly text: string;
}

/** Secret values by name. */
export type Sentinels = ReadonlyMap<string, string>;

/** Every secret that stands in something shown, in any spelling: where, which, how - never its value. */
export function leaks(shown: readonly Shown[], sentinels: Sentinels): string[] {
  const forms = [...sentinels].flatMap(([name, value]) =>
    Object.entries(spellings(value)).map(([how, text]) => ({ name, how, text })),
  );
  return shown.flatMap(({ where, text }) =>
    forms.filter((form) => text.includes(form.text)).map(({ name, how }) => `${where}: ${name} ${how}`),
  );
}

function spellings(value: string): Readonly<Record<string, string>> {
  const json = JSON.stringify(value).slice(1, -1);
  const base64 = [0, 1, 2].map((before) => inBase64(value, before));
  return {
    "in clear": value,
    "escaped for JSON": json,
    "escaped for JSON in JSON": JSON.stringify(json).slice(1, -1),
    "escaped to ASCII": json.replace(/[^ -~]/g, (c) => `\\u${c.charCodeAt(0).toString(16).padStart(4, "0")}`),
    "URL-encoded": encodeURIComponent(value),
    "URL-encoded as a form": new URLSearchParams({ a: value }).toString().slice(2),
    "in hexadecimal": Buffer.from(value).toString("hex"),
    ...Object.fromEntries(base64.map((text, before) => [`in base64, ${before} bytes in`, text])),
    ...Object.fromEntries(
      base64.map((text, before) => [
        `in base64 for URLs, ${before} bytes in`,
        text.replace(/\+/g, "-").replace(/\//g, "_"),
      ]),
    ),
  };
}

/** The digits that do not depend on what stands before and after the value. */
function inBase64(value: string, before: number): string {
  const bytes = Buffer.concat([Buffer.alloc(before), Buffer.from(value)]);
  const whole = Math.floor(bytes.length / 3) * 4;
  return bytes.toString("base64").slice(before === 0 ? 0 : 4, whole);
}
