import * as pulumi from "@pulumi/pulumi";
import type { SiteSettings } from "../config/schema";
import type { Scope } from "./names";
import { declareInBucket } from "./site-bucket";
import { declareOnPages } from "./site-pages";
import type { CloudflareZone } from "./zone";

export interface SiteArgs {
  readonly scope: Scope;
  /** Its key in the configuration: part of its names. */
  readonly key: string;
  readonly settings: SiteSettings;
  readonly zone: CloudflareZone;
  /** Where its source is on GitHub: what the host's own pipeline compiles. */
  readonly source: {
    readonly owner: string;
    readonly repository: string;
    readonly branch: string;
  };
  /** Whether search engines are sent away. */
  readonly noindex: boolean;
  /** Whether a destroy deletes what was uploaded. */
  readonly forceDestroy: boolean;
  /** The last day on which its bucket may go all the same, empty. @default it may not */
  readonly liftedUntil?: string | undefined;
  /** Who is told when the host's own pipeline fails. */
  readonly mails: readonly string[];
  /** A Cloudflare token that may edit Pages: what a workflow uploads with. @default none */
  readonly token?: pulumi.Input<string> | undefined;
}

/** What whoever uploads a site has to know of it. */
export interface DeployedSite {
  readonly settings: SiteSettings;
  /** `https://<host>` */
  readonly url: string;
  /** Whether the upload has to send search engines away. A bucket's worker does it by itself. */
  readonly noindex: boolean;
  /** Where the files go, with `target: bucket`. */
  readonly bucket?: { readonly name: pulumi.Input<string>; readonly arn: pulumi.Input<string> };
  /** Where they go with `target: pages`. */
  readonly pages?: {
    readonly project: pulumi.Input<string>;
    readonly accountId: string;
    readonly token?: pulumi.Input<string>;
  };
}

/**
 * A static site: where its files are, and how the public reaches them. What compiles and uploads them is the
 * delivery's; the files are made again from the repository at any time, so that no backup has them.
 *
 * With `target: bucket`, a worker serves what a private bucket holds, and one small file says which release: a
 * site is the old one or the new one, never half of each. With `target: pages`, Cloudflare Pages does the same.
 *
 * `pipeline: native` leaves compiling to Pages itself, which is connected to GitHub once, by hand, in its dashboard.
 * There is no workflow then, and Cloudflare's own alert tells of a failed deployment of production. As far as is
 * known of close pushes (none of it could be tried here): Pages cancels nothing by itself. It builds every push, one
 * at a time on the free plan, and the others wait; a build that hangs holds them up until somebody cancels it in the
 * dashboard. Its alerts know a deployment that started, failed or succeeded, and no cancelled one, which has a
 * status of its own: cancelling should be silent.
 */
export class Site extends pulumi.ComponentResource {
  /** Its public address. */
  public readonly url: string;
  /** What its upload needs. */
  public readonly deployed: DeployedSite;
  /** The bucket, or the Pages project, that holds its files. */
  public readonly holder: pulumi.Output<string>;

  constructor(name: string, args: SiteArgs, opts?: pulumi.ComponentResourceOptions) {
    super("tandem:site:Site", name, {}, opts);
    const { settings, noindex } = args;

    this.url = `https://${settings.host}`;
    const target =
      settings.target === "bucket"
        ? { bucket: declareInBucket(name, args, this) }
        : { pages: declareOnPages(name, args, this) };
    this.deployed = { settings, url: this.url, noindex, ...target };
    this.holder = pulumi.output(target.bucket?.name ?? target.pages?.project ?? "");
    this.registerOutputs({ url: this.url, holder: this.holder });
  }
}
