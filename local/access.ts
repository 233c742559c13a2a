import { LAMBDA_FUNCTION, POLICY, ROLE } from './resource-types.ts';
import { type StackModel, TemplateRefused } from './template.ts';

/** One thing a call wants to do, in IAM's words. */
export interface AccessRequest {
  /** `dynamodb:PutItem` */
  readonly action: string;
  readonly resource: string;
  /** Values of the condition keys that the call carries, such as `s3:prefix`. */
  readonly conditionKeys: Readonly<Record<string, string>>;
}

interface Statement {
  readonly allow: boolean;
  readonly actions: readonly RegExp[];
  readonly resources: readonly RegExp[];
  readonly conditions: readonly Condition[];
}

interface Condition {
  readonly operator: 'StringEquals' | 'StringLike';
  readonly key: string;
  readonly values: readonly string[];
}

/** What a function may do: the statements of its role in the template. */
export interface FunctionAccess {
  readonly functionName: string;
  readonly roleName: string;
  allows(request: AccessRequest): boolean;
}

/**
 * Services about which something is asked here: what passes through this machine's endpoints, and a schedule's call
 * of its function. Statements about others (logs, traces, keys) may carry conditions of any kind.
 */
const ASKED_SERVICES = ['dynamodb', 'lambda', 's3', 'sqs', 'ssm', '*'];

/** What a role of the template allows, by the role's ARN. */
export type RoleAccess = ReadonlyMap<string, (request: AccessRequest) => boolean>;

/** The statements of every role, from its own policies and those attached to it. */
export function readRoles(model: StackModel): RoleAccess {
  const statementsByRole = new Map<string, Statement[]>();
  for (const { name, properties } of model.of(ROLE)) {
    statementsByRole.set(
      name,
      properties.Policies.flatMap(({ PolicyDocument }) =>
        PolicyDocument.Statement.map((statement) => readStatement(name, statement)),
      ),
    );
  }
  for (const { name, properties } of model.of(POLICY)) {
    for (const role of properties.Roles) {
      statementsByRole
        .get(role)
        ?.push(...properties.PolicyDocument.Statement.map((statement) => readStatement(name, statement)));
    }
  }

  return new Map(
    model.of(ROLE).map(({ name, arn }) => {
      const statements = statementsByRole.get(name) ?? [];
      return [arn, (request: AccessRequest) => isAllowed(statements, request)] as const;
    }),
  );
}

/** The access of each function, by the access key id its process gets. */
export function readAccess(model: StackModel, roles: RoleAccess): ReadonlyMap<string, FunctionAccess> {
  return new Map(
    model.of(LAMBDA_FUNCTION).map(({ name, properties }) => {
      const allows = roles.get(properties.Role);
      if (allows === undefined) {
        throw new TemplateRefused(`function ${name}: role ${properties.Role} is in no template`);
      }
      const roleName = properties.Role.slice(properties.Role.lastIndexOf('/') + 1);
      return [accessKeyIdOf(name), { functionName: name, roleName, allows }] as const;
    }),
  );
}

/** The access key id that names a function. Letters and digits only: DynamoDB Local accepts nothing else. */
export function accessKeyIdOf(functionName: string): string {
  return `LOCAL${functionName.replaceAll(/[^a-zA-Z0-9]/g, '').toUpperCase()}`;
}

function isAllowed(statements: readonly Statement[], request: AccessRequest): boolean {
  const applying = statements.filter(
    ({ actions, resources, conditions }) =>
      actions.some((action) => action.test(request.action)) &&
      resources.some((resource) => resource.test(request.resource)) &&
      conditions.every((condition) => isMet(condition, request)),
  );
  return applying.some(({ allow }) => allow) && applying.every(({ allow }) => allow);
}

function isMet({ operator, key, values }: Condition, request: AccessRequest): boolean {
  const actual = request.conditionKeys[key];
  if (actual === undefined) return false;
  return operator === 'StringEquals'
    ? values.includes(actual)
    : values.some((value) => wildcard(value).test(actual));
}

function readStatement(
  policy: string,
  statement: {
    Effect: 'Allow' | 'Deny';
    Action: string | string[];
    Resource: string | string[];
    Condition?: Record<string, unknown> | undefined;
  },
): Statement {
  const actions = [statement.Action].flat();
  const asked = actions.some((action) => ASKED_SERVICES.includes(action.split(':')[0] ?? ''));
  return {
    allow: statement.Effect === 'Allow',
    actions: actions.map((action) => wildcard(action, 'i')),
    resources: [statement.Resource].flat().map((resource) => wildcard(resource)),
    conditions: asked ? readConditions(policy, statement.Condition ?? {}) : [],
  };
}

function readConditions(policy: string, condition: Record<string, unknown>): Condition[] {
  return Object.entries(condition).flatMap(([operator, keys]) => {
    if (
      (operator !== 'StringEquals' && operator !== 'StringLike') ||
      typeof keys !== 'object' ||
      keys === null
    ) {
      throw new TemplateRefused(`policy ${policy}: condition ${operator}`);
    }
    return Object.entries(keys).map(([key, value]) => ({
      operator,
      key,
      values: [value].flat().map(String),
    }));
  });
}

/** IAM's `*` and `?` as a regular expression over the whole text. */
function wildcard(pattern: string, flags = ''): RegExp {
  const escaped = pattern.replaceAll(/[.+^${}()|[\]\\]/g, '\\$&');
  return new RegExp(`^${escaped.replaceAll('*', '.*').replaceAll('?', '.')}$`, `${flags}s`);
}
