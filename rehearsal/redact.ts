/** Shorter strings occur by accident. */
const SHORTEST = 4;

/** Finds known secret values wherever they have been copied to. */
export class Redactor {
  readonly #values = new Set<string>();
  #pattern: RegExp | undefined;

  /** Remembers every string inside a secret value. */
  add(secret: unknown): void {
    if (typeof secret === "string") {
      if (secret.length >= SHORTEST && !this.#values.has(secret)) {
        this.#values.add(secret);
        this.#pattern = undefined;
      }
    } else if (typeof secret === "object" && secret !== null) {
      for (const inner of Object.values(secret)) this.add(inner);
    }
  }

  /** Whether a text contains a secret as it is, or escaped for JSON, URL-encoded or in base64. */
  finds(text: string): boolean {
    return this.#values.size > 0 && text.search(this.#compiled()) >= 0;
  }

  redact(text: string): string {
    return this.#values.size === 0 ? text : text.replace(this.#compiled(), "[secret]");
  }

  #compiled(): RegExp {
    if (this.#pattern === undefined) {
      const forms = new Set([...this.#values].flatMap(spellings));
      // The longest first, so that a secret inside another one does not leave the rest behind.
      const sorted = [...forms].sort((a, b) => b.length - a.length);
      this.#pattern = new RegExp(sorted.map(quoted).join("|"), "g");
    }
    return this.#pattern;
  }
}

function spellings(value: string): readonly string[] {
  const base64 = Buffer.from(value).toString("base64").replace(/=+$/, "");
  const inJson = JSON.stringify(value).slice(1, -1);
  return [value, encodeURIComponent(value), inJson, base64, base64.replace(/\+/g, "-").replace(/\//g, "_")];
}

function quoted(text: string): string {
  return text.replace(/[.*+?^${}()|[\]\\]/g, "\\$&");
}
