import { createCipheriv, createDecipheriv, pbkdf2Sync, randomBytes } from "node:crypto";

const ITERATIONS = 1_000_000;
const KEY_BYTES = 32;
const NONCE_BYTES = 12;
const TAG_BYTES = 16;
/** What Pulumi encrypts into the salt, so that a passphrase can be tried. */
const PROBE = "pulumi";

/** Deriving a key takes a third of a second on purpose; a process needs the same one again and again. */
const keys = new Map<string, Buffer>();

/** A passphrase that does not open what it should open. */
export class WrongPassphrase extends Error {
  override readonly name = "WrongPassphrase";
}

/**
 * Pulumi's own passphrase encryption: PBKDF2-SHA256 with a million rounds, then AES-256-GCM. What it
 * seals, `pulumi` opens with the same `PULUMI_CONFIG_PASSPHRASE`, and the other way round.
 */
export class Sealer {
  readonly #key: Buffer;

  private constructor(
    key: Buffer,
    /** The `encryptionsalt` of a `Pulumi.<stack>.yaml`: not secret. */
    readonly salt: string,
  ) {
    this.#key = key;
  }

  /**
   * @param encryptionSalt the salt of what is to be opened @default a new one
   * @throws WrongPassphrase where the salt was made with another passphrase
   */
  static fromPassphrase(passphrase: string, encryptionSalt?: string): Sealer {
    if (encryptionSalt === undefined) return Sealer.#fresh(passphrase);
    const [version, salt = "", ...probe] = encryptionSalt.split(":");
    if (version !== "v1" || probe.length !== 3) {
      throw new Error('the encryption salt is not of the form "v1:<salt>:v1:<nonce>:<ciphertext>"');
    }
    const sealer = new Sealer(deriveKey(passphrase, Buffer.from(salt, "base64")), encryptionSalt);
    if (sealer.open(probe.join(":")) !== PROBE) throw wrongPassphrase();
    return sealer;
  }

  static #fresh(passphrase: string): Sealer {
    const salt = randomBytes(8);
    const key = deriveKey(passphrase, salt);
    return new Sealer(key, `v1:${salt.toString("base64")}:${encrypt(key, PROBE)}`);
  }

  /** Seals a text; twice the same text never looks the same. */
  seal(text: string): string {
    return encrypt(this.#key, text);
  }

  /** @throws WrongPassphrase where the text was sealed with another key, or changed since */
  open(sealed: string): string {
    const [version, nonce = "", body = "", ...more] = sealed.split(":");
    if (version !== "v1" || more.length > 0 || body === "") {
      throw new Error('a sealed value must have the form "v1:<nonce>:<ciphertext>"');
    }
    const bytes = Buffer.from(body, "base64");
    const iv = Buffer.from(nonce, "base64");
    if (bytes.length < TAG_BYTES || iv.length !== NONCE_BYTES) throw wrongPassphrase();
    try {
      const decipher = createDecipheriv("aes-256-gcm", this.#key, iv);
      decipher.setAuthTag(bytes.subarray(-TAG_BYTES));
      return decipher.update(bytes.subarray(0, -TAG_BYTES), undefined, "utf8") + decipher.final("utf8");
    } catch {
      throw wrongPassphrase();
    }
  }
}

function encrypt(key: Buffer, text: string): string {
  const nonce = randomBytes(NONCE_BYTES);
  const cipher = createCipheriv("aes-256-gcm", key, nonce);
  const body = Buffer.concat([cipher.update(text, "utf8"), cipher.final(), cipher.getAuthTag()]);
  return `v1:${nonce.toString("base64")}:${body.toString("base64")}`;
}

function deriveKey(passphrase: string, salt: Buffer): Buffer {
  const name = `${salt.toString("base64")}:${passphrase}`;
  const known = keys.get(name);
  if (known) return known;
  const key = pbkdf2Sync(passphrase, salt, ITERATIONS, KEY_BYTES, "sha256");
  keys.set(name, key);
  return key;
}

function wrongPassphrase(): WrongPassphrase {
  return new WrongPassphrase(
    "the passphrase does not open this: check PULUMI_CONFIG_PASSPHRASE (or its _FILE), or the text was changed since it was sealed",
  );
}
