import * as aws from "@pulumi/aws";
import * as cloudflare from "@pulumi/cloudflare";
export const x = [aws.ec2.Vpc, cloudflare.DnsRecord].map((k) => k.name);
console.log(x);
