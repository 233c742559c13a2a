import { Lazy, RemovalPolicy, Stack } from 'aws-cdk-lib';
import { CfnApi, CfnAuthorizer, CfnIntegration, CfnRoute, CfnStage } from 'aws-cdk-lib/aws-apigatewayv2';
import { Metric } from 'aws-cdk-lib/aws-cloudwatch';
import { ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { LogGroup, RetentionDays } from 'aws-cdk-lib/aws-logs';
import { Construct } from 'constructs';
import type { Route } from '../../events/http/route.ts';
import { ROUTE_IDS, ROUTES } from '../../events/http/routes.ts';
import { resourceName } from './names.ts';
import type { NodeFunction } from './node-function.ts';
import type { UserPool } from './user-pool.ts';

/** A tenant is a handful of people and one console; the rest is a mistake or an attack. Requests per second, and at once. */
const REQUESTS_PER_SECOND = 25;
const REQUESTS_AT_ONCE = 50;
/** API Gateway's own limit. Source: API Gateway quotas, "HTTP API: Maximum integration timeout". */
const INTEGRATION_TIMEOUT_MS = 30_000;

/** What is written down of a request: no address, no person, no query. */
const ACCESS_LOG = {
  requestId: '$context.requestId',
  time: '$context.requestTime',
  route: '$context.routeKey',
  status: '$context.status',
  latencyMs: '$context.responseLatency',
  bytes: '$context.responseLength',
  authorizerError: '$context.authorizer.error',
  integrationError: '$context.integrationErrorMessage',
};

export interface HttpApiProps {
  readonly tenant: string;
  readonly people: UserPool;
  /** Serves every route that names nobody else. */
  readonly handler: NodeFunction;
  /** Serve the routes that ask a marketplace or a courier. */
  readonly askers: Readonly<Record<NonNullable<Route['servedBy']>, NodeFunction>>;
}

/** The tenant's HTTP API: one route for each that is listed, all of them only for who has signed in. */
export class HttpApi extends Construct {
  readonly url: string;
  readonly #apiId: string;
  readonly #audience: string[];

  constructor(scope: Construct, id: string, { tenant, people, handler, askers }: HttpApiProps) {
    super(scope, id);
    const stack = Stack.of(this);
    const api = new CfnApi(this, 'Api', {
      name: resourceName(tenant, 'http-api'),
      protocolType: 'HTTP',
      description: `Markeplay Channels, tenant ${tenant}`,
    });
    this.#apiId = api.ref;
    this.#audience = [people.client.userPoolClientId];
    this.url = api.attrApiEndpoint;

    const integrationOf = (prefix: string, { lambda }: NodeFunction): CfnIntegration => {
      lambda.addPermission('Api', {
        principal: new ServicePrincipal('apigateway.amazonaws.com'),
        sourceArn: stack.formatArn({ service: 'execute-api', resource: api.ref, resourceName: '*/*' }),
      });
      return new CfnIntegration(this, `${prefix}Integration`, {
        apiId: api.ref,
        integrationType: 'AWS_PROXY',
        integrationUri: lambda.functionArn,
        payloadFormatVersion: '2.0',
        timeoutInMillis: INTEGRATION_TIMEOUT_MS,
      });
    };
    const first = integrationOf('', handler);
    const integrations = {
      amazon: integrationOf('Amazon', askers.amazon),
      ebay: integrationOf('Ebay', askers.ebay),
      manomano: integrationOf('Manomano', askers.manomano),
      couriers: integrationOf('Couriers', askers.couriers),
      'remote-actions': integrationOf('RemoteActions', askers['remote-actions']),
      products: integrationOf('Products', askers.products),
      receipts: integrationOf('Receipts', askers.receipts),
    };
    const authorizer = new CfnAuthorizer(this, 'Authorizer', {
      apiId: api.ref,
      name: resourceName(tenant, 'people'),
      authorizerType: 'JWT',
      identitySource: ['$request.header.Authorization'],
      jwtConfiguration: { issuer: people.issuer, audience: Lazy.list({ produce: () => this.#audience }) },
    });
    for (const routeId of ROUTE_IDS) {
      const { method, path, servedBy }: Route = ROUTES[routeId];
      const integration = servedBy === undefined ? first : integrations[servedBy];
      new CfnRoute(this, `Route-${routeId}`, {
        apiId: api.ref,
        routeKey: `${method} ${path}`,
        operationName: routeId,
        target: `integrations/${integration.ref}`,
        authorizationType: 'JWT',
        authorizerId: authorizer.ref,
      });
    }

    const accessLog = new LogGroup(this, 'AccessLog', {
      logGroupName: `/markeplay/${tenant}/http-api-access`,
      retention: RetentionDays.THREE_MONTHS,
      removalPolicy: RemovalPolicy.DESTROY,
    });
    new CfnStage(this, 'Stage', {
      apiId: api.ref,
      stageName: '$default',
      autoDeploy: true,
      accessLogSettings: { destinationArn: accessLog.logGroupArn, format: JSON.stringify(ACCESS_LOG) },
      defaultRouteSettings: {
        throttlingRateLimit: REQUESTS_PER_SECOND,
        throttlingBurstLimit: REQUESTS_AT_ONCE,
        detailedMetricsEnabled: false,
      },
    });
  }

  /** Takes the tokens of one more program: one that stands at an address which leads here. */
  admit(clientId: string): void {
    this.#audience.push(clientId);
  }

  /** A count or duration of the whole API over a period. */
  metric(metricName: '5xx' | 'Latency', statistic: string, period: Metric['period']): Metric {
    return new Metric({
      namespace: 'AWS/ApiGateway',
      metricName,
      dimensionsMap: { ApiId: this.#apiId },
      statistic,
      period,
    });
  }
}
