import { pagesProjectId } from "./rules/cloudflare-pages";
import { imagesIn, registries } from "./rules/ecr";
import { type CloudState, isGone } from "./state";
import { CloudRefusal, type Props } from "./types";

interface Question {
  readonly args: Props;
  readonly account: string;
  readonly state: CloudState;
}

/** Cloudflare's published address ranges. Source: cloudflare.com/ips. */
const IPV4 = [
  "173.245.48.0/20",
  "103.21.244.0/22",
  "103.22.200.0/22",
  "103.31.4.0/22",
  "141.101.64.0/18",
  "108.162.192.0/18",
  "190.93.240.0/20",
  "188.114.96.0/20",
  "197.234.240.0/22",
  "198.41.128.0/17",
  "162.158.0.0/15",
  "104.16.0.0/13",
  "104.24.0.0/14",
  "172.64.0.0/13",
  "131.0.72.0/22",
];
const IPV6 = [
  "2400:cb00::/32",
  "2606:4700::/32",
  "2803:f800::/32",
  "2405:b500::/32",
  "2405:8100::/32",
  "2a06:98c0::/29",
  "2c0f:f248::/32",
];

/** Where a program asks that names no region: the rehearsal's environments stand there. */
const REGION = "eu-west-3";

const answers: Readonly<Record<string, (q: Question) => Props>> = {
  "aws:index/getCallerIdentity:getCallerIdentity": ({ account }) => ({
    id: account,
    accountId: account,
    arn: `arn:aws:sts::${account}:assumed-role/rehearsal/rehearsal`,
    userId: "AROAREHEARSAL:rehearsal",
  }),
  "aws:index/getRegion:getRegion": ({ args }) => {
    const region = regionOf(args);
    return { id: region, name: region, region, description: region, endpoint: `ec2.${region}.amazonaws.com` };
  },
  "aws:ecr/getRepositories:getRepositories": repositories,
  "aws:ecr/getImages:getImages": images,
  "aws:rds/getInstance:getInstance": database,
  "cloudflare:index/getIpRanges:getIpRanges": () => ({
    id: "ip-ranges",
    etag: "rehearsal",
    ipv4Cidrs: [...IPV4],
    ipv6Cidrs: [...IPV6],
    jdcloudCidrs: [],
  }),
  "cloudflare:index/getPagesProjects:getPagesProjects": pagesProjects,
  "github:index/getRepository:getRepository": repository,
  "github:index/getUser:getUser": user,
};

/** Answers a function that a program asks of a provider. */
export function invoke(token: string, q: Question): Props {
  const answer = answers[fullToken(token)];
  if (!answer) {
    throw new Error(`unknown function ${token}: the rehearsal answers ${Object.keys(answers).join(", ")}`);
  }
  return answer(q);
}

function database({ args, account, state }: Question): Props {
  const wanted = String(args.dbInstanceIdentifier);
  const objects = Object.values(state.objects).filter((o) => o.type === "aws:rds/instance:Instance");
  const own = objects.find((o) => o.account === account && !isGone(o) && o.outputs.identifier === wanted);
  const found = own?.outputs ?? state.world.databases[wanted]?.outputs;
  if (!found) throw new CloudRefusal("DBInstanceNotFound", `there is no database instance ${wanted}`);
  return { id: wanted, ...found, dbInstanceIdentifier: wanted };
}

function user({ args, state }: Question): Props {
  const login = String(args.username);
  const found = state.world.users[login];
  if (!found) throw new CloudRefusal("404", `GitHub has no user ${login}`);
  return { id: String(found.id), username: login, login, nodeId: `U_${found.id}`, name: login };
}

function repositories({ args, account, state }: Question): Props {
  const region = regionOf(args);
  return { id: region, region, names: registries(state, { account, region }) };
}

function images({ args, account, state }: Question): Props {
  const region = regionOf(args);
  const repositoryName = String(args.repositoryName);
  const held = imagesIn(state, { account, region, name: repositoryName });
  if (held === undefined)
    throw new CloudRefusal("RepositoryNotFoundException", `there is no repository "${repositoryName}"`);
  const imageIds = held.map((image) =>
    image.startsWith("sha256:") ? { imageDigest: image } : { imageTag: image },
  );
  return { id: repositoryName, region, registryId: account, repositoryName, imageIds };
}

const regionOf = ({ region }: Props) => (typeof region === "string" ? region : REGION);

function pagesProjects({ args: { accountId }, state }: Question): Props {
  const results = Object.values(state.objects)
    .filter(
      (o) => o.type === "cloudflare:index/pagesProject:PagesProject" && o.inputs.accountId === accountId,
    )
    .map((o) => ({ id: pagesProjectId(o), name: o.inputs.name }));
  return { id: String(accountId), accountId, results };
}

function repository({ args, state }: Question): Props {
  const fullName = String(args.fullName ?? args.name);
  const found = state.world.repositories[fullName];
  if (!found) throw new CloudRefusal("404", `GitHub has no repository ${fullName}`);
  const { id, defaultBranch } = found;
  return { id: fullName.split("/")[1], fullName, repoId: id, defaultBranch };
}

/** `aws:index/getRegion` and `aws:rds/getInstance:getInstance` are both in use. */
function fullToken(token: string): string {
  return token.split(":").length === 3 ? token : `${token}:${token.slice(token.lastIndexOf("/") + 1)}`;
}
