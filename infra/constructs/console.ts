import { spawnSync } from 'node:child_process';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import {
  AssetHashType,
  DefaultStackSynthesizer,
  Duration,
  Fn,
  RemovalPolicy,
  Stack,
  Stage,
  Token,
  Validations,
} from 'aws-cdk-lib';
import {
  AllowedMethods,
  CachePolicy,
  Distribution,
  HeadersFrameOption,
  HeadersReferrerPolicy,
  HttpVersion,
  OriginProtocolPolicy,
  OriginRequestPolicy,
  PriceClass,
  ResponseHeadersPolicy,
  ViewerProtocolPolicy,
} from 'aws-cdk-lib/aws-cloudfront';
import { HttpOrigin, S3BucketOrigin } from 'aws-cdk-lib/aws-cloudfront-origins';
import { LogGroup, RetentionDays } from 'aws-cdk-lib/aws-logs';
import {
  BlockPublicAccess,
  Bucket,
  BucketEncryption,
  type CfnBucket,
  type IBucket,
} from 'aws-cdk-lib/aws-s3';
import { BucketDeployment, CacheControl, type ISource, Source } from 'aws-cdk-lib/aws-s3-deployment';
import { Construct } from 'constructs';
import type { HttpApi } from './http-api.ts';
import { resourceName } from './names.ts';
import { addProgram, type UserPool } from './user-pool.ts';

const CONSOLE_FOLDER = fileURLToPath(new URL('../../console/', import.meta.url));
/** Files whose names are hashes of what is in them. */
const HASHED = 'assets';
const HASHED_KEPT = Duration.days(365);
const HTTPS_ONLY_REMEMBERED = Duration.days(365);
/** CDK's own name of the function that copies files into a bucket, one for a whole stack. */
const COPIER = 'Custom::CDKBucketDeployment8693BB64968944B69AAFB0CC9EB8756C';
/** What the pages never ask a browser for. */
const PERMISSIONS = 'camera=(), geolocation=(), microphone=(), payment=(), usb=()';

/**
 * The one style that the components' library puts into a page by itself, for whatever can be pressed; named by its hash,
 * which a browser prints where it refuses it.
 */
const PRESSABLE = "'sha256-38RhXrc7EdReTKsOm23ZPOCUgniTUUcjky8QOOrQx6o='";

export interface ConsoleProps {
  readonly tenant: string;
  readonly people: UserPool;
  readonly api: HttpApi;
  /** Takes the files that people upload, at addresses that the API signs. */
  readonly uploads: IBucket;
}

/**
 * The operator's console: its files in a bucket that nobody but CloudFront reads, and the HTTP API at the same address, so
 * that a browser speaks with one server and the API needs to admit no other page.
 */
export class Console extends Construct {
  readonly url: string;
  /** Whose tokens the API has to take. */
  readonly clientId: string;

  constructor(scope: Construct, id: string, { tenant, people, api, uploads }: ConsoleProps) {
    super(scope, id);
    const bucket = new Bucket(this, 'Files', {
      encryption: BucketEncryption.S3_MANAGED,
      blockPublicAccess: BlockPublicAccess.BLOCK_ALL,
      enforceSSL: true,
      removalPolicy: RemovalPolicy.DESTROY,
    });
    Validations.of(bucket).acknowledge({
      id: 'AwsSolutions-S1',
      reason: 'It holds the build of this repository, which every visitor of the sign-in page gets.',
    });

    const signIn = people.domain.baseUrl();
    const headers = new ResponseHeadersPolicy(this, 'Headers', {
      responseHeadersPolicyName: resourceName(tenant, 'console'),
      securityHeadersBehavior: {
        contentSecurityPolicy: {
          contentSecurityPolicy: contentSecurityPolicy([
            signIn,
            `https://${uploads.bucketRegionalDomainName}`,
          ]),
          override: true,
        },
        contentTypeOptions: { override: true },
        frameOptions: { frameOption: HeadersFrameOption.DENY, override: true },
        referrerPolicy: { referrerPolicy: HeadersReferrerPolicy.NO_REFERRER, override: true },
        strictTransportSecurity: {
          accessControlMaxAge: HTTPS_ONLY_REMEMBERED,
          includeSubdomains: true,
          override: true,
        },
      },
      customHeadersBehavior: {
        customHeaders: [
          { header: 'cross-origin-opener-policy', value: 'same-origin', override: true },
          { header: 'cross-origin-resource-policy', value: 'same-origin', override: true },
          { header: 'permissions-policy', value: PERMISSIONS, override: true },
        ],
      },
    });
    const distribution = new Distribution(this, 'Distribution', {
      comment: `Markeplay Channels, tenant ${tenant}: console`,
      defaultRootObject: 'index.html',
      httpVersion: HttpVersion.HTTP2_AND_3,
      // Europe and North America: the shops are Italian.
      priceClass: PriceClass.PRICE_CLASS_100,
      defaultBehavior: {
        origin: S3BucketOrigin.withOriginAccessControl(bucket),
        viewerProtocolPolicy: ViewerProtocolPolicy.REDIRECT_TO_HTTPS,
        cachePolicy: CachePolicy.CACHING_OPTIMIZED,
        responseHeadersPolicy: headers,
      },
      additionalBehaviors: {
        '/v1/*': {
          // The host of an address: `https:`, nothing, host.
          origin: new HttpOrigin(Fn.select(2, Fn.split('/', api.url)), {
            protocolPolicy: OriginProtocolPolicy.HTTPS_ONLY,
          }),
          viewerProtocolPolicy: ViewerProtocolPolicy.HTTPS_ONLY,
          allowedMethods: AllowedMethods.ALLOW_ALL,
          cachePolicy: CachePolicy.CACHING_DISABLED,
          originRequestPolicy: OriginRequestPolicy.ALL_VIEWER_EXCEPT_HOST_HEADER,
          responseHeadersPolicy: headers,
        },
      },
    });
    Validations.of(distribution).acknowledge(
      { id: 'AwsSolutions-CFR1', reason: 'Operators travel; who is let in is decided by the sign-in.' },
      {
        id: 'AwsSolutions-CFR2',
        reason:
          'Behind it are files that anyone may read and an API that lets nobody in without a token, with a limit of its own.',
      },
      {
        id: 'AwsSolutions-CFR3',
        reason: 'The API writes an access log of its own; requests for the files say nothing.',
      },
      {
        id: 'AwsSolutions-CFR4',
        reason:
          "The address is CloudFront's: with its certificate the least version of TLS cannot be chosen.",
      },
    );
    this.url = `https://${distribution.distributionDomainName}`;
    this.clientId = addProgram(this, 'Client', people.pool, {
      name: resourceName(tenant, 'console-pages'),
      address: `${this.url}/`,
    }).userPoolClientId;

    const built = build(this);
    const logGroup = new LogGroup(this, 'CopierLog', {
      logGroupName: `/markeplay/${tenant}/console-copier`,
      retention: RetentionDays.THREE_MONTHS,
      removalPolicy: RemovalPolicy.DESTROY,
    });
    // Those of the last build stay: a page that is open goes on finding its parts.
    const settings = { destinationBucket: bucket, prune: false, retainOnDelete: false, logGroup };
    const hashed = new BucketDeployment(this, 'HashedFiles', {
      ...settings,
      sources: [built.hashed],
      destinationKeyPrefix: HASHED,
      cacheControl: [CacheControl.maxAge(HASHED_KEPT), CacheControl.immutable()],
    });
    const pages = new BucketDeployment(this, 'Pages', {
      ...settings,
      sources: [
        built.pages,
        Source.jsonData('config.json', {
          issuer: people.issuer,
          authorizationEndpoint: `${signIn}/oauth2/authorize`,
          tokenEndpoint: `${signIn}/oauth2/token`,
          logoutEndpoint: `${signIn}/logout`,
          clientId: this.clientId,
        }),
      ],
      cacheControl: [CacheControl.noCache()],
    });
    // A page is there after what it names.
    pages.node.addDependency(hashed);
    explainCopier(Stack.of(this), bucket);
  }
}

/** No inline script, no address that is data; the only other servers are the sign-in's and the one that takes uploads. */
function contentSecurityPolicy(spokenWith: readonly string[]): string {
  return [
    "default-src 'none'",
    "script-src 'self'",
    `style-src 'self' ${PRESSABLE}`,
    "img-src 'self'",
    "font-src 'self'",
    `connect-src 'self' ${spokenWith.join(' ')}`,
    "base-uri 'none'",
    "form-action 'none'",
    "frame-ancestors 'none'",
  ].join('; ');
}

/** Templates can be made without building; tests do. */
function build(scope: Construct): { readonly hashed: ISource; readonly pages: ISource } {
  if (!Stack.of(scope).bundlingRequired) {
    const unbuilt = (name: string) =>
      Source.asset(join(CONSOLE_FOLDER, 'public'), {
        assetHashType: AssetHashType.CUSTOM,
        assetHash: `unbuilt-${name}`,
      });
    return { hashed: unbuilt('hashed'), pages: unbuilt('pages') };
  }
  // Vite reads a relative path from its own folder.
  const output = resolve(Stage.of(scope)?.outdir ?? 'cdk.out', 'console');
  const vite = join(dirname(fileURLToPath(import.meta.resolve('vite/package.json'))), 'bin', 'vite.js');
  const { status, stderr, error } = spawnSync(
    process.execPath,
    [vite, 'build', CONSOLE_FOLDER, '--outDir', output, '--logLevel', 'error'],
    // The same build, whatever started the synthesis.
    { env: { ...process.env, NODE_ENV: 'production' }, encoding: 'utf8' },
  );
  if (status !== 0) throw new Error(`The console was not built: ${stderr}`, { cause: error });
  return {
    hashed: Source.asset(join(output, HASHED)),
    pages: Source.asset(output, { exclude: [HASHED] }),
  };
}

/** Says to the AWS Solutions checks why CDK's own function is as it is. */
function explainCopier(stack: Stack, files: Bucket): void {
  const { account, region } = stack;
  const spelled = Token.isUnresolved(account) ? '<AWS::AccountId>' : account;
  const assets = `cdk-${DefaultStackSynthesizer.DEFAULT_QUALIFIER}-assets-${spelled}-${region}`;
  const filesId = stack.getLogicalId(files.node.defaultChild as CfnBucket);
  const reason =
    "CDK's own function, which runs while the stack is deployed: it reads CDK's assets and writes the console's files.";
  Validations.of(stack.node.findChild(COPIER)).acknowledge(
    ...[
      'L1',
      'IAM4[Policy::arn:<AWS::Partition>:iam::aws:policy/service-role/AWSLambdaBasicExecutionRole]',
      ...['GetBucket*', 'GetObject*', 'List*', 'Abort*', 'DeleteObject*'].map(
        (action) => `IAM5[Action::s3:${action}]`,
      ),
      `IAM5[Resource::arn:aws:s3:::${assets}/*]`,
      `IAM5[Resource::<${filesId}.Arn>/*]`,
    ].map((finding) => ({ id: `AwsSolutions-${finding}`, reason })),
  );
}
