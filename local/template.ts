import { z } from 'zod';
import type { Assembly } from './assembly.ts';
import { isIgnored, type Names, RESOURCE_TYPES, type ResourceType } from './resource-types.ts';

/** One declared resource with every reference in its properties replaced by what it stands for. */
export interface Resource<Properties> {
  readonly stack: string;
  readonly logicalId: string;
  readonly name: string;
  /** What `Fn::GetAtt … Arn` answers; empty for types that have none. */
  readonly arn: string;
  /** What `Ref` answers. */
  readonly ref: string;
  readonly properties: Properties;
}

export interface StackModel {
  readonly accountId: string;
  readonly region: string;
  /** Outputs of all stacks, by name. */
  readonly outputs: ReadonlyMap<string, string>;
  /** The declared resources of one type, in template order. */
  of<Properties>(type: ResourceType<Properties>): readonly Resource<Properties>[];
}

/** The template asks for something the local stack does not do; the message names it. */
export class TemplateRefused extends Error {
  constructor(message: string) {
    super(message);
    this.name = 'TemplateRefused';
  }
}

/**
 * Reads the templates of an assembly: resolves the intrinsic functions and checks each property against
 * `resource-types.ts`. Fails with every refusal found, one a line.
 *
 * @param queueUrlOrigin where queue URLs point to, e.g. `http://127.0.0.1:4566`
 * @param httpApiOrigin where the HTTP API listens
 */
export function readTemplates(
  assembly: Assembly,
  queueUrlOrigin: string,
  httpApiOrigin = 'http://127.0.0.1',
): StackModel {
  const scopes = assembly.stacks.map(
    ({ name, template }) => new Scope(name, template, assembly, { queueUrlOrigin, httpApiOrigin }),
  );
  const exports = new Map<string, () => unknown>();
  for (const scope of scopes) scope.collectExports(exports);

  const resources = new Map<string, Resource<unknown>[]>();
  const outputs = new Map<string, string>();
  const refusals: string[] = [];
  for (const scope of scopes) {
    scope.collectOutputs(outputs, exports);
    for (const [logicalId, declared] of Object.entries(scope.template.Resources)) {
      if (isIgnored(logicalId, declared.Type)) continue;
      try {
        const list = resources.get(declared.Type) ?? [];
        list.push(scope.resource(logicalId, exports));
        resources.set(declared.Type, list);
      } catch (error) {
        if (!(error instanceof TemplateRefused)) throw error;
        refusals.push(error.message);
      }
    }
  }
  if (refusals.length > 0) throw new TemplateRefused(refusals.join('\n'));

  return {
    accountId: assembly.accountId,
    region: assembly.region,
    outputs,
    of: (type) =>
      (resources.get(type.type) ?? []).map((found) => ({
        ...found,
        properties: type.properties.parse(found.properties),
      })),
  };
}

const NO_VALUE = Symbol('AWS::NoValue');
const getAttSchema = z.union([
  z.tuple([z.string(), z.string()]),
  z.string().transform((text) => {
    const dot = text.indexOf('.');
    return [text.slice(0, dot), text.slice(dot + 1)] as const;
  }),
]);
const joinSchema = z.tuple([z.string(), z.unknown()]);
const selectSchema = z.tuple([z.coerce.number().int(), z.unknown()]);
const splitSchema = z.tuple([z.string(), z.unknown()]);
const subSchema = z.union([
  z.string().transform((text): [string, Record<string, unknown>] => [text, {}]),
  z.tuple([z.string(), z.record(z.string(), z.unknown())]),
]);
const scalarSchema = z.union([z.string(), z.number(), z.boolean()]).transform(String);

/** One template while it is resolved. */
class Scope {
  readonly #stackName: string;
  readonly template: Assembly['stacks'][number]['template'];
  readonly #assembly: Assembly;
  readonly #origins: Pick<Names, 'queueUrlOrigin' | 'httpApiOrigin'>;
  /** Names being worked out, to notice a circle. */
  readonly #naming = new Set<string>();

  constructor(
    stackName: string,
    template: Assembly['stacks'][number]['template'],
    assembly: Assembly,
    origins: Pick<Names, 'queueUrlOrigin' | 'httpApiOrigin'>,
  ) {
    this.#stackName = stackName;
    this.template = template;
    this.#assembly = assembly;
    this.#origins = origins;
  }

  collectExports(exports: Map<string, () => unknown>): void {
    for (const output of Object.values(this.template.Outputs)) {
      if (output.Export === undefined) continue;
      const name = scalarSchema.parse(this.#resolve(output.Export.Name, exports, 'Outputs'));
      exports.set(name, () => this.#resolve(output.Value, exports, `export ${name}`));
    }
  }

  collectOutputs(outputs: Map<string, string>, exports: ReadonlyMap<string, () => unknown>): void {
    for (const [name, output] of Object.entries(this.template.Outputs)) {
      outputs.set(name, scalarSchema.parse(this.#resolve(output.Value, exports, `output ${name}`)));
    }
  }

  resource(logicalId: string, exports: ReadonlyMap<string, () => unknown>): Resource<unknown> {
    const { declared, type } = this.#declaration(logicalId);
    const where = `${this.#stackName}/${logicalId} (${declared.Type})`;
    if (declared.Condition !== undefined) {
      throw new TemplateRefused(`${where}: Condition`);
    }
    const resolved = this.#resolve(declared.Properties, exports, where);
    const properties = withoutIgnored(resolved, type.ignored);
    const checked = type.properties.safeParse(properties);
    if (!checked.success) {
      throw new TemplateRefused(
        checked.error.issues.map((issue) => `${where}: ${describeIssue(issue)}`).join('\n'),
      );
    }
    const names = this.#names(logicalId, exports);
    return {
      stack: this.#stackName,
      logicalId,
      name: names.name,
      arn: type.attributes.Arn?.(names) ?? '',
      ref: type.ref?.(names) ?? names.name,
      properties,
    };
  }

  #declaration(logicalId: string): {
    declared: Assembly['stacks'][number]['template']['Resources'][string];
    type: ResourceType;
  } {
    const declared = this.template.Resources[logicalId];
    if (declared === undefined) {
      throw new TemplateRefused(`${this.#stackName}: nothing is called ${logicalId}`);
    }
    const type = RESOURCE_TYPES.get(declared.Type);
    if (type === undefined) {
      throw new TemplateRefused(`${this.#stackName}/${logicalId}: resource type ${declared.Type}`);
    }
    return { declared, type };
  }

  #names(logicalId: string, exports: ReadonlyMap<string, () => unknown>): Names {
    const { declared, type } = this.#declaration(logicalId);
    if (this.#naming.has(logicalId)) {
      throw new TemplateRefused(`${this.#stackName}/${logicalId}: its name depends on itself`);
    }
    this.#naming.add(logicalId);
    try {
      const given =
        type.nameProperty === undefined
          ? undefined
          : this.#resolve(declared.Properties[type.nameProperty], exports, logicalId);
      const generated = `${this.#stackName}-${logicalId}`;
      return {
        name:
          typeof given === 'string'
            ? given
            : declared.Type === 'AWS::S3::Bucket'
              ? generated.toLowerCase().slice(0, 63)
              : generated,
        region: this.#assembly.region,
        accountId: this.#assembly.accountId,
        ...this.#origins,
      };
    } finally {
      this.#naming.delete(logicalId);
    }
  }

  #ref(name: string, exports: ReadonlyMap<string, () => unknown>): unknown {
    switch (name) {
      case 'AWS::AccountId':
        return this.#assembly.accountId;
      case 'AWS::Region':
        return this.#assembly.region;
      case 'AWS::Partition':
        return 'aws';
      case 'AWS::URLSuffix':
        return 'amazonaws.com';
      case 'AWS::StackName':
        return this.#stackName;
      case 'AWS::StackId':
        return `arn:aws:cloudformation:${this.#assembly.region}:${this.#assembly.accountId}:stack/${this.#stackName}/local`;
      case 'AWS::NoValue':
        return NO_VALUE;
    }
    const parameter = this.template.Parameters[name];
    if (parameter !== undefined) {
      if (parameter.Default === undefined) {
        throw new TemplateRefused(`${this.#stackName}: parameter ${name} has no default`);
      }
      return parameter.Default;
    }
    if (this.#isIgnored(name)) return `${this.#stackName}-${name}`;
    const { type } = this.#declaration(name);
    const names = this.#names(name, exports);
    return type.ref?.(names) ?? names.name;
  }

  #getAtt(logicalId: string, attribute: string, exports: ReadonlyMap<string, () => unknown>): string {
    if (this.#isIgnored(logicalId)) {
      return `arn:aws:ignored:${this.#assembly.region}:${this.#assembly.accountId}:${logicalId}/${attribute}`;
    }
    const { declared, type } = this.#declaration(logicalId);
    const answer = type.attributes[attribute];
    if (answer === undefined) {
      throw new TemplateRefused(`${this.#stackName}/${logicalId} (${declared.Type}): attribute ${attribute}`);
    }
    return answer(this.#names(logicalId, exports));
  }

  #isIgnored(logicalId: string): boolean {
    const declared = this.template.Resources[logicalId];
    return declared !== undefined && isIgnored(logicalId, declared.Type);
  }

  /** Replaces every intrinsic function in a value. `where` is for messages. */
  #resolve(value: unknown, exports: ReadonlyMap<string, () => unknown>, where: string): unknown {
    if (Array.isArray(value)) {
      return value
        .map((element) => this.#resolve(element, exports, where))
        .filter((element) => element !== NO_VALUE);
    }
    if (value === null || typeof value !== 'object') return value;

    const entries = Object.entries(value);
    const [only] = entries;
    if (entries.length === 1 && only !== undefined) {
      const [name, argument] = only;
      if (name === 'Ref' || name.startsWith('Fn::') || name === 'Condition') {
        return this.#intrinsic(name, argument, exports, where);
      }
    }
    return Object.fromEntries(
      entries
        .map(([key, element]) => [key, this.#resolve(element, exports, where)] as const)
        .filter(([, element]) => element !== NO_VALUE),
    );
  }

  #intrinsic(
    name: string,
    argument: unknown,
    exports: ReadonlyMap<string, () => unknown>,
    where: string,
  ): unknown {
    const resolve = (value: unknown): unknown => this.#resolve(value, exports, where);
    const list = (value: unknown): string[] => z.array(scalarSchema).parse(resolve(value));
    switch (name) {
      case 'Ref':
        return this.#ref(z.string().parse(argument), exports);
      case 'Fn::GetAtt': {
        const [logicalId, attribute] = getAttSchema.parse(argument);
        return this.#getAtt(logicalId, attribute, exports);
      }
      case 'Fn::Join': {
        const [separator, parts] = joinSchema.parse(argument);
        return list(parts).join(separator);
      }
      case 'Fn::Select': {
        const [index, parts] = selectSchema.parse(argument);
        const chosen = list(parts)[index];
        if (chosen === undefined) throw new TemplateRefused(`${where}: Fn::Select finds nothing at ${index}`);
        return chosen;
      }
      case 'Fn::Split': {
        const [separator, text] = splitSchema.parse(argument);
        return scalarSchema.parse(resolve(text)).split(separator);
      }
      case 'Fn::Sub': {
        const [text, variables] = subSchema.parse(argument);
        return text.replaceAll(/\$\{(!?)([^}]+)\}/g, (_, literal: string, variable: string) => {
          if (literal === '!') return `\${${variable}}`;
          if (variable in variables) return scalarSchema.parse(resolve(variables[variable]));
          const [logicalId = '', ...attribute] = variable.split('.');
          return scalarSchema.parse(
            attribute.length === 0
              ? this.#ref(logicalId, exports)
              : this.#getAtt(logicalId, attribute.join('.'), exports),
          );
        });
      }
      case 'Fn::ImportValue': {
        const exported = scalarSchema.parse(resolve(argument));
        const value = exports.get(exported);
        if (value === undefined) throw new TemplateRefused(`${where}: no stack exports ${exported}`);
        return value();
      }
      default:
        throw new TemplateRefused(`${where}: ${name}`);
    }
  }
}

/** A copy without the ignored paths; `*` stands for every element of a list. */
function withoutIgnored(value: unknown, ignored: Readonly<Record<string, string>>): unknown {
  const copy: unknown = structuredClone(value);
  for (const path of Object.keys(ignored)) remove(copy, path.split('.'));
  return copy;
}

function remove(value: unknown, [first, ...rest]: readonly string[]): void {
  if (first === undefined || value === null || typeof value !== 'object') return;
  if (first === '*') {
    if (Array.isArray(value)) for (const element of value) remove(element, rest);
  } else if (rest.length === 0) {
    Reflect.deleteProperty(value, first);
  } else {
    remove(Reflect.get(value, first), rest);
  }
}

function describeIssue(issue: z.core.$ZodIssue): string {
  const path = issue.path.join('.');
  if (issue.code === 'unrecognized_keys') {
    return issue.keys.map((key) => (path === '' ? key : `${path}.${key}`)).join(', ');
  }
  return `${path}: ${issue.message}`;
}
