import { pathName, type Scope } from "../../components/names";

/** Where CloudWatch shows the logs of an environment. */
export function logsLink(scope: Scope): string {
  // The console escapes twice: what it reads after the # is an address of its own.
  const filter = encodeURIComponent(encodeURIComponent(`${pathName(scope)}/`)).replaceAll("%25", "$25");
  return `${console(scope.region)}#logsV2:log-groups$3FlogGroupNameFilter$3D${filter}`;
}

export const dashboardLink = (region: string, name: string): string =>
  `${console(region)}#dashboards/dashboard/${encodeURIComponent(name)}`;

const console = (region: string) =>
  `https://${region}.console.aws.amazon.com/cloudwatch/home?region=${region}`;
