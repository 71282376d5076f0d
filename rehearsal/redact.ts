/** Shorter strings occur by accident. */
const SHORTEST = 4;

/** Finds known secret values wherever they have been copied to. */
export class Redactor {
  readonly #values = new Set<string>();
  /** Of all values; undefined after a new one. No regular expression: a certificate would be too large for one. */
  #spellings: readonly string[] | undefined;

  /** Remembers every string inside a secret value. */
  add(secret: unknown): void {
    if (typeof secret === "string") {
      if (secret.length >= SHORTEST && !this.#values.has(secret)) {
        this.#values.add(secret);
        this.#spellings = undefined;
      }
    } else if (typeof secret === "object" && secret !== null) {
      for (const inner of Object.values(secret)) this.add(inner);
    }
  }

  /** Whether a text contains a secret as it is, or escaped for JSON, URL-encoded or in base64. */
  finds(text: string): boolean {
    return this.#all().some((spelling) => text.includes(spelling));
  }

  redact(text: string): string {
    return this.#all().reduce((rest, spelling) => rest.replaceAll(spelling, "[secret]"), text);
  }

  #all(): readonly string[] {
    // The longest first, so that a secret inside another one does not leave the rest behind.
    this.#spellings ??= [...new Set([...this.#values].flatMap(spellings))].sort(
      (a, b) => b.length - a.length,
    );
    return this.#spellings;
  }
}

function spellings(value: string): readonly string[] {
  const base64 = Buffer.from(value).toString("base64").replace(/=+$/, "");
  const inJson = JSON.stringify(value).slice(1, -1);
  return [value, encodeURIComponent(value), inJson, base64, base64.replace(/\+/g, "-").replace(/\//g, "_")];
}
