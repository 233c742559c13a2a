import { z } from 'zod';

/**
 * Every CloudFormation resource type the local stack knows. Each property is honoured (it is in `properties`),
 * ignored for a written reason (it is in `ignored`), or refused: the strict schemas name what they do not know.
 */
export interface ResourceType<Properties = unknown> {
  readonly type: string;
  /** The honoured properties; strict at every level. */
  readonly properties: z.ZodType<Properties>;
  /** Dotted property paths that change nothing on this machine, each with the reason. */
  readonly ignored: Readonly<Record<string, string>>;
  /** The property that holds the resource's own name, when it may be given. */
  readonly nameProperty?: string;
  /** What `Ref` answers; the name unless stated. */
  readonly ref?: (names: Names) => string;
  /** What `Fn::GetAtt` answers. */
  readonly attributes: Readonly<Record<string, (names: Names) => string>>;
}

/** The honoured properties of a type, as they are after parsing. */
export type ResourceProperties<Type> = Type extends ResourceType<infer Properties> ? Properties : never;

export interface Names {
  readonly name: string;
  readonly region: string;
  readonly accountId: string;
  readonly queueUrlOrigin: string;
  readonly httpApiOrigin: string;
}

function resourceType<Properties>(type: ResourceType<Properties>): ResourceType<Properties> {
  return type;
}

const arn = (service: string, resource: (name: string) => string) => (names: Names) =>
  `arn:aws:${service}:${names.region}:${names.accountId}:${resource(names.name)}`;

const TAGS = { Tags: 'tags sort bills and permissions; neither exists here' };
const AT_REST = "encryption at rest is the cloud store's own affair";

const numberSchema = z.coerce.number();
const booleanSchema = z.union([z.boolean(), z.enum(['true', 'false']).transform((text) => text === 'true')]);

const statementSchema = z.strictObject({
  Sid: z.string().optional(),
  Effect: z.enum(['Allow', 'Deny']),
  Action: z.union([z.string(), z.array(z.string())]),
  Resource: z.union([z.string(), z.array(z.string())]),
  Condition: z.record(z.string(), z.unknown()).optional(),
});
const policyDocumentSchema = z.strictObject({
  Version: z.string().optional(),
  Statement: z.array(statementSchema),
});

const keySchema = z.array(z.strictObject({ AttributeName: z.string(), KeyType: z.enum(['HASH', 'RANGE']) }));
const projectionSchema = z.strictObject({
  ProjectionType: z.enum(['ALL', 'KEYS_ONLY', 'INCLUDE']),
  NonKeyAttributes: z.array(z.string()).optional(),
});
const tableShape = {
  TableName: z.string().optional(),
  AttributeDefinitions: z.array(
    z.strictObject({ AttributeName: z.string(), AttributeType: z.enum(['S', 'N', 'B']) }),
  ),
  KeySchema: keySchema,
  GlobalSecondaryIndexes: z
    .array(z.strictObject({ IndexName: z.string(), KeySchema: keySchema, Projection: projectionSchema }))
    .optional(),
  TimeToLiveSpecification: z.strictObject({ AttributeName: z.string(), Enabled: booleanSchema }).optional(),
  BillingMode: z.literal('PAY_PER_REQUEST'),
};
const tableAttributes = { Arn: arn('dynamodb', (name) => `table/${name}`) };

const destinationSchema = z.strictObject({ Destination: z.string() });

export const TABLE = resourceType({
  type: 'AWS::DynamoDB::Table',
  nameProperty: 'TableName',
  properties: z.strictObject(tableShape),
  attributes: tableAttributes,
  ignored: {
    ...TAGS,
    DeletionProtectionEnabled: 'nothing here deletes a stack',
    PointInTimeRecoverySpecification: "backups are the cloud's; --data keeps the state here",
    SSESpecification: AT_REST,
    ContributorInsightsSpecification: 'a CloudWatch view',
  },
});

export const GLOBAL_TABLE = resourceType({
  type: 'AWS::DynamoDB::GlobalTable',
  nameProperty: 'TableName',
  properties: z.strictObject({
    ...tableShape,
    /** One replica, here: a table in two regions would need two emulators. */
    Replicas: z.array(z.strictObject({ Region: z.string() })).length(1),
  }),
  attributes: tableAttributes,
  ignored: {
    ...TAGS,
    SSESpecification: AT_REST,
    'Replicas.*.DeletionProtectionEnabled': 'nothing here deletes a stack',
    'Replicas.*.PointInTimeRecoverySpecification': "backups are the cloud's; --data keeps the state here",
    'Replicas.*.SSESpecification': AT_REST,
    'Replicas.*.ContributorInsightsSpecification': 'a CloudWatch view',
    'Replicas.*.TableClass': 'a price class',
    'Replicas.*.Tags': TAGS.Tags,
  },
});

export const QUEUE = resourceType({
  type: 'AWS::SQS::Queue',
  nameProperty: 'QueueName',
  properties: z.strictObject({
    QueueName: z.string().optional(),
    VisibilityTimeout: numberSchema.optional(),
    MessageRetentionPeriod: numberSchema.optional(),
    DelaySeconds: numberSchema.optional(),
    MaximumMessageSize: numberSchema.optional(),
    ReceiveMessageWaitTimeSeconds: numberSchema.optional(),
    RedrivePolicy: z
      .strictObject({ deadLetterTargetArn: z.string(), maxReceiveCount: numberSchema })
      .optional(),
  }),
  ref: (names) => `${names.queueUrlOrigin}/${names.accountId}/${names.name}`,
  attributes: { Arn: arn('sqs', (name) => name), QueueName: (names) => names.name },
  ignored: {
    ...TAGS,
    KmsMasterKeyId: AT_REST,
    KmsDataKeyReusePeriodSeconds: AT_REST,
    SqsManagedSseEnabled: AT_REST,
    RedriveAllowPolicy: 'only this stack makes queues here',
  },
});

export const BUCKET = resourceType({
  type: 'AWS::S3::Bucket',
  nameProperty: 'BucketName',
  properties: z.strictObject({
    BucketName: z.string().optional(),
    CorsConfiguration: z
      .strictObject({
        CorsRules: z.array(
          z.strictObject({
            AllowedMethods: z.array(z.string()),
            AllowedOrigins: z.array(z.string()),
            AllowedHeaders: z.tuple([z.literal('*')]),
            MaxAge: numberSchema,
          }),
        ),
      })
      .optional(),
    NotificationConfiguration: z
      .strictObject({
        QueueConfigurations: z
          .array(
            z.strictObject({
              Event: z.literal('s3:ObjectCreated:*'),
              Queue: z.string(),
              Filter: z
                .strictObject({
                  S3Key: z.strictObject({
                    Rules: z.array(z.strictObject({ Name: z.enum(['prefix', 'suffix']), Value: z.string() })),
                  }),
                })
                .optional(),
            }),
          )
          .optional(),
      })
      .optional(),
  }),
  attributes: {
    Arn: (names) => `arn:aws:s3:::${names.name}`,
    RegionalDomainName: (names) => `${names.name}.s3.${names.region}.amazonaws.com`,
    DomainName: (names) => `${names.name}.s3.amazonaws.com`,
  },
  ignored: {
    ...TAGS,
    BucketEncryption: AT_REST,
    LifecycleConfiguration:
      "objects expire after days; a local run is shorter, and --data is a person's to delete",
    LoggingConfiguration: 'access logs are for an audit of the cloud',
    OwnershipControls: 'one owner here',
    PublicAccessBlockConfiguration: 'the emulator listens to this machine only',
    VersioningConfiguration: 'no function reads versions; the emulator has none',
  },
});

export const BUCKET_NOTIFICATIONS = resourceType({
  type: 'Custom::S3BucketNotifications',
  properties: z.strictObject({
    BucketName: z.string(),
    NotificationConfiguration: z.strictObject({
      QueueConfigurations: z
        .array(
          z.strictObject({
            Id: z.string().optional(),
            Events: z.tuple([z.literal('s3:ObjectCreated:*')]),
            QueueArn: z.string(),
            Filter: z
              .strictObject({
                Key: z.strictObject({
                  FilterRules: z.array(
                    z.strictObject({ Name: z.enum(['prefix', 'suffix']), Value: z.string() }),
                  ),
                }),
              })
              .optional(),
          }),
        )
        .default([]),
    }),
  }),
  attributes: {},
  ignored: {
    ServiceToken: "the notification is set up directly, not by CDK's helper function",
    Managed: 'as ServiceToken',
    SkipDestinationValidation: 'as ServiceToken',
  },
});

export const LAMBDA_FUNCTION = resourceType({
  type: 'AWS::Lambda::Function',
  nameProperty: 'FunctionName',
  properties: z.strictObject({
    FunctionName: z.string().optional(),
    Handler: z.string(),
    Runtime: z.literal('nodejs24.x'),
    Role: z.string(),
    Timeout: numberSchema.default(3),
    MemorySize: numberSchema.default(128),
    Environment: z.strictObject({ Variables: z.record(z.string(), z.coerce.string()) }).optional(),
    Code: z.strictObject({ S3Bucket: z.string(), S3Key: z.string() }),
    ReservedConcurrentExecutions: numberSchema.optional(),
    DeadLetterConfig: z.strictObject({ TargetArn: z.string() }).optional(),
  }),
  attributes: { Arn: arn('lambda', (name) => `function:${name}`) },
  ignored: {
    ...TAGS,
    Architectures: "the machine's own processor runs the same JavaScript",
    Description: 'for people',
    EphemeralStorage: "this machine's /tmp",
    KmsKeyArn: AT_REST,
    LoggingConfig: 'output goes to one file per function',
    TracingConfig: 'there is no X-Ray here',
    SnapStart: 'processes are kept warm',
    RuntimeManagementConfig: 'the installed Node runs everything',
  },
});

export const EVENT_SOURCE_MAPPING = resourceType({
  type: 'AWS::Lambda::EventSourceMapping',
  properties: z.strictObject({
    FunctionName: z.string(),
    EventSourceArn: z.string(),
    Enabled: booleanSchema.default(true),
    BatchSize: numberSchema.default(10),
    MaximumBatchingWindowInSeconds: numberSchema.default(0),
    FunctionResponseTypes: z.array(z.literal('ReportBatchItemFailures')).default([]),
    ScalingConfig: z.strictObject({ MaximumConcurrency: numberSchema.optional() }).optional(),
  }),
  attributes: {},
  ignored: { ...TAGS, MetricsConfig: 'a CloudWatch view' },
});

export const EVENT_INVOKE_CONFIG = resourceType({
  type: 'AWS::Lambda::EventInvokeConfig',
  properties: z.strictObject({
    FunctionName: z.string(),
    Qualifier: z.literal('$LATEST'),
    MaximumRetryAttempts: numberSchema.default(2),
    MaximumEventAgeInSeconds: numberSchema.default(21_600),
    DestinationConfig: z.strictObject({ OnFailure: destinationSchema.optional() }).optional(),
  }),
  attributes: {},
  ignored: {},
});

export const SCHEDULE = resourceType({
  type: 'AWS::Scheduler::Schedule',
  nameProperty: 'Name',
  properties: z.strictObject({
    Name: z.string().optional(),
    ScheduleExpression: z.string(),
    ScheduleExpressionTimezone: z.string().default('UTC'),
    State: z.enum(['ENABLED', 'DISABLED']).default('ENABLED'),
    FlexibleTimeWindow: z.union([
      z.strictObject({ Mode: z.literal('OFF') }),
      z.strictObject({ Mode: z.literal('FLEXIBLE'), MaximumWindowInMinutes: numberSchema }),
    ]),
    Target: z.strictObject({
      Arn: z.string(),
      RoleArn: z.string(),
      Input: z.string().optional(),
      DeadLetterConfig: z.strictObject({ Arn: z.string() }).optional(),
      RetryPolicy: z
        .strictObject({
          MaximumEventAgeInSeconds: numberSchema.optional(),
          MaximumRetryAttempts: numberSchema.optional(),
        })
        .optional(),
    }),
  }),
  attributes: { Arn: arn('scheduler', (name) => `schedule/default/${name}`) },
  ignored: {
    Description: 'for people',
    GroupName: 'groups are for permissions and bulk deletes',
    KmsKeyArn: AT_REST,
  },
});

export const PARAMETER = resourceType({
  type: 'AWS::SSM::Parameter',
  nameProperty: 'Name',
  properties: z.strictObject({
    Name: z.string(),
    Type: z.enum(['String', 'StringList']),
    Value: z.string(),
  }),
  attributes: {},
  ignored: { ...TAGS, Description: 'for people', Tier: 'a price class' },
});

export const ROLE = resourceType({
  type: 'AWS::IAM::Role',
  nameProperty: 'RoleName',
  properties: z.strictObject({
    RoleName: z.string().optional(),
    Policies: z
      .array(z.strictObject({ PolicyName: z.string(), PolicyDocument: policyDocumentSchema }))
      .default([]),
    /** Only AWS's own policy for writing logs: it grants nothing that a local call could need. */
    ManagedPolicyArns: z
      .array(z.literal('arn:aws:iam::aws:policy/service-role/AWSLambdaBasicExecutionRole'))
      .default([]),
  }),
  attributes: { Arn: (names) => `arn:aws:iam::${names.accountId}:role/${names.name}` },
  ignored: {
    ...TAGS,
    AssumeRolePolicyDocument: 'each function is given its own role directly',
    Description: 'for people',
    PermissionsBoundary: 'a limit of the account the stack is deployed to',
  },
});

export const POLICY = resourceType({
  type: 'AWS::IAM::Policy',
  nameProperty: 'PolicyName',
  properties: z.strictObject({
    PolicyName: z.string(),
    PolicyDocument: policyDocumentSchema,
    Roles: z.array(z.string()),
  }),
  attributes: {},
  ignored: {},
});

const KEY = resourceType({
  type: 'AWS::KMS::Key',
  properties: z.strictObject({}),
  attributes: { Arn: arn('kms', (name) => `key/${name}`), KeyId: (names) => names.name },
  ignored: {
    ...TAGS,
    Description: 'for people',
    EnableKeyRotation: AT_REST,
    KeyPolicy: 'who may use the key is checked where keys exist',
    PendingWindowInDays: 'nothing here deletes a key',
    RotationPeriodInDays: AT_REST,
  },
});

const apiSettings = z.strictObject({ ApiId: z.string() });

export const HTTP_API = resourceType({
  type: 'AWS::ApiGatewayV2::Api',
  nameProperty: 'Name',
  properties: z.strictObject({ Name: z.string(), ProtocolType: z.literal('HTTP') }),
  attributes: { ApiEndpoint: (names) => names.httpApiOrigin, ApiId: (names) => names.name },
  ignored: { ...TAGS, Description: 'for people' },
});

export const HTTP_INTEGRATION = resourceType({
  type: 'AWS::ApiGatewayV2::Integration',
  properties: apiSettings.extend({
    IntegrationType: z.literal('AWS_PROXY'),
    IntegrationUri: z.string(),
    PayloadFormatVersion: z.literal('2.0'),
    TimeoutInMillis: numberSchema.default(30_000),
  }),
  attributes: {},
  ignored: { Description: 'for people' },
});

export const HTTP_AUTHORIZER = resourceType({
  type: 'AWS::ApiGatewayV2::Authorizer',
  properties: apiSettings.extend({
    AuthorizerType: z.literal('JWT'),
    IdentitySource: z.tuple([z.literal('$request.header.Authorization')]),
    JwtConfiguration: z.strictObject({ Issuer: z.url(), Audience: z.array(z.string()).min(1) }),
  }),
  attributes: {},
  ignored: { Name: 'for people' },
});

export const HTTP_ROUTE = resourceType({
  type: 'AWS::ApiGatewayV2::Route',
  properties: apiSettings.extend({
    RouteKey: z.string().regex(/^(?:GET|POST|PUT|PATCH|DELETE) \/\S*$/),
    Target: z.string().startsWith('integrations/'),
    /** A route for everybody would be refused: this project has none. */
    AuthorizationType: z.literal('JWT'),
    AuthorizerId: z.string(),
  }),
  attributes: {},
  ignored: { OperationName: 'for people' },
});

const HTTP_STAGE = resourceType({
  type: 'AWS::ApiGatewayV2::Stage',
  properties: apiSettings.extend({ StageName: z.literal('$default'), AutoDeploy: booleanSchema }),
  attributes: {},
  ignored: {
    ...TAGS,
    AccessLogSettings: 'requests are in the trace, and in the log of the function',
    DefaultRouteSettings: 'limits against a crowd; here is one person',
    Description: 'for people',
  },
});

const NO_PASSWORDS = 'the demo people have neither passwords nor second factors';
const NO_MAIL = 'nobody is written to from here';

const USER_POOL = resourceType({
  type: 'AWS::Cognito::UserPool',
  nameProperty: 'UserPoolName',
  properties: z.strictObject({ UserPoolName: z.string().optional() }),
  ref: (names) => `${names.region}_LOCAL`,
  attributes: { Arn: arn('cognito-idp', () => 'userpool/LOCAL') },
  ignored: {
    AccountRecoverySetting: NO_PASSWORDS,
    AdminCreateUserConfig: 'nobody is invited: one demo person per group',
    AutoVerifiedAttributes: NO_MAIL,
    DeletionProtection: 'nothing here deletes a stack',
    EmailVerificationMessage: NO_MAIL,
    EmailVerificationSubject: NO_MAIL,
    EnabledMfas: NO_PASSWORDS,
    MfaConfiguration: NO_PASSWORDS,
    Policies: NO_PASSWORDS,
    SmsVerificationMessage: NO_MAIL,
    UserPoolAddOns: 'watches for attacks from outside',
    UserPoolTags: TAGS.Tags,
    UserPoolTier: 'a price class',
    UsernameAttributes: NO_PASSWORDS,
    UsernameConfiguration: NO_PASSWORDS,
    VerificationMessageTemplate: NO_MAIL,
  },
});

export const USER_POOL_CLIENT = resourceType({
  type: 'AWS::Cognito::UserPoolClient',
  properties: z.strictObject({
    UserPoolId: z.string(),
    /** The code flow for a program without a secret: no other is done here. */
    AllowedOAuthFlowsUserPoolClient: z.literal(true),
    AllowedOAuthFlows: z.tuple([z.literal('code')]),
    AllowedOAuthScopes: z.tuple([z.literal('openid')]),
    GenerateSecret: z.literal(false),
    CallbackURLs: z.array(z.url()).min(1),
    LogoutURLs: z.array(z.url()).default([]),
    AccessTokenValidity: numberSchema,
    TokenValidityUnits: z.looseObject({ AccessToken: z.literal('minutes') }),
  }),
  ref: (names) => `local${names.name.replaceAll(/[^a-zA-Z0-9]/g, '').toLowerCase()}`,
  attributes: {},
  ignored: {
    ClientName: 'for people',
    EnableTokenRevocation: 'tokens end with the run',
    ExplicitAuthFlows: NO_PASSWORDS,
    IdTokenValidity: 'nothing reads ID tokens',
    PreventUserExistenceErrors: NO_PASSWORDS,
    RefreshTokenValidity: 'tokens end with the run',
    SupportedIdentityProviders: 'one provider here',
  },
});

export const USER_POOL_DOMAIN = resourceType({
  type: 'AWS::Cognito::UserPoolDomain',
  nameProperty: 'Domain',
  properties: z.strictObject({ Domain: z.string(), UserPoolId: z.string() }),
  attributes: {},
  ignored: { ManagedLoginVersion: 'the sign-in page here is one of buttons' },
});

export const USER_POOL_GROUP = resourceType({
  type: 'AWS::Cognito::UserPoolGroup',
  properties: z.strictObject({ UserPoolId: z.string(), GroupName: z.string() }),
  attributes: {},
  ignored: { Precedence: 'chooses between IAM roles, which no group has', Description: 'for people' },
});

/** CloudFront gives a distribution its host. */
export function distributionHost(name: string): string {
  return `${name.toLowerCase()}.cloudfront.net`;
}

const EDGE = 'there is no cache between this machine and itself';
const behaviourShape = {
  TargetOriginId: z.string(),
  ResponseHeadersPolicyId: z.string(),
};

export const DISTRIBUTION = resourceType({
  type: 'AWS::CloudFront::Distribution',
  properties: z.strictObject({
    DistributionConfig: z.strictObject({
      Enabled: z.literal(true),
      DefaultRootObject: z.string(),
      DefaultCacheBehavior: z.strictObject(behaviourShape),
      CacheBehaviors: z.array(z.strictObject({ PathPattern: z.string(), ...behaviourShape })).default([]),
      Origins: z.array(z.strictObject({ Id: z.string(), DomainName: z.string() })),
    }),
  }),
  attributes: { DomainName: ({ name }) => distributionHost(name) },
  ignored: {
    ...TAGS,
    'DistributionConfig.Comment': 'for people',
    'DistributionConfig.HttpVersion': 'browsers speak HTTP/1.1 with this machine',
    'DistributionConfig.IPV6Enabled': EDGE,
    'DistributionConfig.PriceClass': 'a price class',
    'DistributionConfig.Origins.*.CustomOriginConfig': 'this machine speaks plain HTTP with itself',
    'DistributionConfig.Origins.*.S3OriginConfig': 'the files are taken from the build',
    'DistributionConfig.Origins.*.OriginAccessControlId': 'the files are taken from the build',
    ...Object.fromEntries(
      ['DefaultCacheBehavior', 'CacheBehaviors.*'].flatMap((behaviour) =>
        Object.entries({
          AllowedMethods: 'the API refuses what it has no route for',
          CachePolicyId: EDGE,
          Compress: 'files are compressed whenever a browser takes that',
          OriginRequestPolicyId: 'everything is handed on but the host',
          ViewerProtocolPolicy: 'this machine speaks plain HTTP',
        }).map(([property, reason]) => [`DistributionConfig.${behaviour}.${property}`, reason]),
      ),
    ),
  },
});

export const RESPONSE_HEADERS_POLICY = resourceType({
  type: 'AWS::CloudFront::ResponseHeadersPolicy',
  properties: z.strictObject({
    ResponseHeadersPolicyConfig: z.strictObject({
      Name: z.string(),
      SecurityHeadersConfig: z.strictObject({
        ContentSecurityPolicy: z.strictObject({
          ContentSecurityPolicy: z.string(),
          Override: z.literal(true),
        }),
        ContentTypeOptions: z.strictObject({ Override: z.literal(true) }),
        FrameOptions: z.strictObject({ FrameOption: z.string(), Override: z.literal(true) }),
        ReferrerPolicy: z.strictObject({ ReferrerPolicy: z.string(), Override: z.literal(true) }),
      }),
      CustomHeadersConfig: z.strictObject({
        Items: z.array(z.strictObject({ Header: z.string(), Value: z.string(), Override: z.literal(true) })),
      }),
    }),
  }),
  attributes: {},
  ignored: {
    'ResponseHeadersPolicyConfig.SecurityHeadersConfig.StrictTransportSecurity':
      'browsers ignore it where it comes over plain HTTP',
  },
});

const COPIED_HERE = "the files are served from the build, not copied by CDK's helper function";

export const BUCKET_DEPLOYMENT = resourceType({
  type: 'Custom::CDKBucketDeployment',
  properties: z.strictObject({
    SourceObjectKeys: z.array(z.string()),
    /** Per source, what takes the place of which text in its files. */
    SourceMarkers: z.array(z.record(z.string(), z.string())).default([]),
    DestinationBucketKeyPrefix: z.string().default(''),
    SystemMetadata: z.strictObject({ 'cache-control': z.string() }),
  }),
  attributes: {},
  ignored: {
    DestinationBucketName: COPIED_HERE,
    OutputObjectKeys: COPIED_HERE,
    Prune: COPIED_HERE,
    RetainOnDelete: 'nothing here deletes a stack',
    ServiceToken: COPIED_HERE,
    SourceBucketNames: COPIED_HERE,
    SourceMarkersConfig: 'no value has a character that JSON escapes',
    WaitForDistributionInvalidation: EDGE,
  },
});

export const RESOURCE_TYPES: ReadonlyMap<string, ResourceType> = new Map(
  [
    TABLE,
    GLOBAL_TABLE,
    QUEUE,
    BUCKET,
    BUCKET_NOTIFICATIONS,
    LAMBDA_FUNCTION,
    EVENT_SOURCE_MAPPING,
    EVENT_INVOKE_CONFIG,
    SCHEDULE,
    PARAMETER,
    ROLE,
    POLICY,
    KEY,
    HTTP_API,
    HTTP_INTEGRATION,
    HTTP_AUTHORIZER,
    HTTP_ROUTE,
    HTTP_STAGE,
    USER_POOL,
    USER_POOL_CLIENT,
    USER_POOL_DOMAIN,
    USER_POOL_GROUP,
    DISTRIBUTION,
    RESPONSE_HEADERS_POLICY,
    BUCKET_DEPLOYMENT,
  ].map((type) => [type.type, type]),
);

/** Whole resource types that have no effect on this machine, each with the reason. */
const IGNORED_TYPES: Readonly<Record<string, string>> = {
  'AWS::CDK::Metadata': "CDK's own statistics",
  'AWS::CloudWatch::Alarm': 'nobody is woken by a local run; failures are printed',
  'AWS::CloudWatch::CompositeAlarm': 'as Alarm',
  'AWS::CloudWatch::Dashboard': "a view of the cloud's metrics",
  'AWS::Budgets::Budget': 'a local run costs nothing',
  'AWS::CloudFront::OriginAccessControl': 'the files are served from the build',
  'AWS::KMS::Alias': 'a name for a key, for people',
  'AWS::Lambda::LayerVersion': "only CDK's helper functions have layers",
  'AWS::Lambda::Permission': 'who may invoke is decided by the local wiring of the same template',
  'AWS::Logs::LogGroup': 'output goes to one file per function',
  'AWS::Logs::MetricFilter': "a view of the cloud's logs",
  'AWS::S3::BucketPolicy': 'only this machine reaches the bucket',
  'AWS::SNS::Subscription': 'alarms are not sent from here',
  'AWS::SNS::Topic': 'alarms are not sent from here',
  'AWS::SNS::TopicPolicy': 'alarms are not sent from here',
  'AWS::SQS::QueuePolicy': 'only this machine reaches the queues',
  'AWS::Scheduler::ScheduleGroup': 'groups are for permissions and bulk deletes',
};

/** Resources that have no effect on this machine, by the logical id that CDK gives them, each with the reason. */
const IGNORED_RESOURCES: readonly { readonly logicalId: RegExp; readonly reason: string }[] = [
  { logicalId: /^CustomCDKBucketDeployment8693BB64/, reason: COPIED_HERE },
];

/** Whether a declared resource is one of those without effect. */
export function isIgnored(logicalId: string, type: string): boolean {
  return type in IGNORED_TYPES || IGNORED_RESOURCES.some((ignored) => ignored.logicalId.test(logicalId));
}
