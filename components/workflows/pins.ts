/** An action at one commit: what a tag said when somebody last looked at it. */
export interface Pin {
  /** The release that the commit was, for readers and for whoever bumps it. */
  readonly version: string;
  /** The full commit: a tag can be moved, a commit cannot. */
  readonly sha: string;
}

/**
 * Every action that a workflow of tandem may use. Bumps happen here and reach the application's repository
 * by `up`, this one by `npm run workflows`: one made in a file would be undone by the next of these.
 *
 * Only actions that call no other action are allowed in: the repository requires pinned commits, and GitHub
 * applies that to what an action calls as well.
 */
export const PINS = {
  "actions/checkout": { version: "v7.0.1", sha: "3d3c42e5aac5ba805825da76410c181273ba90b1" },
  "actions/download-artifact": { version: "v8.0.1", sha: "3e5f45b2cfb9172054b4087a40e8e0b5a5461e7c" },
  "actions/setup-node": { version: "v7.0.0", sha: "820762786026740c76f36085b0efc47a31fe5020" },
  "actions/setup-python": { version: "v7.0.0", sha: "5fda3b95a4ea91299a34e894583c3862153e4b97" },
  "actions/upload-artifact": { version: "v7.0.1", sha: "043fb46d1a93c77aae656e7c1c64a875d1fc6a0a" },
  "aws-actions/amazon-ecr-login": { version: "v2.1.7", sha: "03f1aad4c6c7ffd436567f42f9384779290529bd" },
  "aws-actions/configure-aws-credentials": {
    version: "v6.2.3",
    sha: "e6de054238d6b7531b4efff3b6587d9aade6a06c",
  },
  "buildpacks/github-actions/setup-pack": {
    version: "v6.1.0",
    sha: "36416a96be10a6cc7170e7c9c63656d4092f78b2",
  },
  "docker/build-push-action": { version: "v7.3.0", sha: "53b7df96c91f9c12dcc8a07bcb9ccacbed38856a" },
  "docker/setup-buildx-action": { version: "v4.3.0", sha: "37fe631027851001ddb9b187196cc803df7f5f0e" },
} as const satisfies Readonly<Record<string, Pin>>;

/** The name of an action that is pinned. */
export type Action = keyof typeof PINS;

/** The release of `pack` that builds where there is no Dockerfile. */
export const PACK_VERSION = "0.40.7";

/** The builder that `pack` uses: it makes ARM64 images and knows the common web languages. */
export const BUILDER = "heroku/builder:24";

/** The release of Wrangler that uploads to Cloudflare Pages, and the Node that it runs on. */
export const WRANGLER_VERSION = "4.164.0";
export const UPLOAD_NODE = "22";

/** Images for jobs on GitLab, whose runners bring nothing along; what else a job needs is a package of Debian's. */
export const DEBIAN_IMAGE = "debian:12";
export const nodeImage = (version: string): string => `node:${version}-bookworm`;
export const pythonImage = (version: string): string => `python:${version}-bookworm`;
