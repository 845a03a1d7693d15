/**
 * Secret formats of the services AI-built apps use, as data. `regex` matches the whole token from its first character and is
 * tried only where a keyword stands; it holds no nested quantifier, and every repetition is bounded.
 */
import type { Confidence, Severity } from '../../core/types';

export type CheckId =
  | 'crc' | 'crc-if-36' | 'jwt' | 'stripe' | 'webhook-secret' | 'aws-id' | 'bedrock' | 'google-api-key' | 'discord' | 'sentry-org'
  | 'onepassword' | 'hex-mixed' | 'generated' | 'atlassian' | 'notion-legacy' | 'supabase-secret' | 'telegram' | 'slack' | 'slack-webhook' | 'mixed' | 'azure-sas' | 'zapier';

export interface Provider {
  readonly id: string;
  readonly label: string;
  /** Where the token starts, is recognised, or what must stand on the line before it (see `mode`). */
  readonly keywords: readonly string[];
  /** `prefix`: the token begins with the keyword. `infix`: the keyword stands inside it. `context`: the keyword precedes it. */
  readonly mode: 'prefix' | 'infix' | 'context';
  readonly regex: RegExp;
  /** `context` only: what the text from the keyword to the value has to hold, e.g. `token`. */
  readonly near?: RegExp;
  /** `context` only: the form says enough, no operator has to stand between the keyword and the value. */
  readonly bare?: boolean;
  /** `infix` only: what may stand before the keyword besides letters, digits, `-` and `_`. */
  readonly marks?: string;
  readonly check?: CheckId;
  /** What may be shown of the value: the provider's own prefix. */
  readonly prefix: string;
  readonly envName: string;
  readonly severity: Severity;
  readonly confidence: Confidence;
  readonly publicByDesign: boolean;
  /** Where a person replaces it. */
  readonly rotate: string;
}

type Options = Partial<Pick<Provider, 'near' | 'bare' | 'marks' | 'check' | 'severity' | 'confidence' | 'publicByDesign' | 'prefix'>>;

function token(id: string, label: string, envName: string, rotate: string, keywords: string, regex: RegExp, options: Options = {}): Provider {
  const list = keywords.split(' ');
  return {
    id, label, keywords: list, mode: 'prefix', regex, envName, rotate, prefix: list.length === 1 ? (list[0] ?? '') : '',
    severity: 'critical', confidence: 'high', publicByDesign: false, ...options,
  };
}

function infix(id: string, label: string, envName: string, rotate: string, keywords: string, regex: RegExp, options: Options = {}): Provider {
  return { ...token(id, label, envName, rotate, keywords, regex, options), mode: 'infix', prefix: options.prefix ?? '' };
}

function context(id: string, label: string, envName: string, rotate: string, keywords: string, regex: RegExp, options: Options = {}): Provider {
  return { ...token(id, label, envName, rotate, keywords, regex, options), mode: 'context', prefix: '', confidence: options.confidence ?? 'medium' };
}

const UUID = /[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}/i;
/** UUID-like: services use letters beyond f. */
const ID = '[a-z0-9]{8}-[a-z0-9]{4}-[a-z0-9]{4}-[a-z0-9]{4}-[a-z0-9]{12}';
const HEX32 = /[0-9a-f]{32}/i;
const HEX64 = /[0-9a-f]{64}/i;
const KEYISH = /key|token|secret|auth|pass|credential|bearer/i;

export const PROVIDERS: readonly Provider[] = [
  // ------------------------------------------------------------------------------------------ databases and back-ends
  token('supabase-secret', 'Supabase secret key', 'SUPABASE_SECRET_KEY', 'Supabase dashboard → Project settings → API keys', 'sb_secret_', /sb_secret_[A-Za-z0-9_-]{22}_[A-Za-z0-9_-]{8}/, { check: 'supabase-secret' }),
  token('supabase-publishable', 'Supabase publishable key', 'SUPABASE_PUBLISHABLE_KEY', 'Supabase dashboard → Project settings → API keys', 'sb_publishable_', /sb_publishable_[A-Za-z0-9_-]{22}_[A-Za-z0-9_-]{8}/, { publicByDesign: true, severity: 'info' }),
  token('supabase-access-token', 'Supabase personal access token', 'SUPABASE_ACCESS_TOKEN', 'Supabase dashboard → Account → Access tokens', 'sbp_', /sbp_(?:v0_|oauth_)?[a-f0-9]{40}/),
  // Refined by its claims into supabase-service-role, supabase-anon or a plain token.
  token('jwt', 'Signed token (JWT)', 'ACCESS_TOKEN', 'the service that issued the token', 'eyJ', /eyJ[A-Za-z0-9_-]{10,2000}\.eyJ[A-Za-z0-9_-]{10,4000}\.[A-Za-z0-9_-]{20,1500}/, { check: 'jwt', severity: 'high', confidence: 'medium' }),
  token('neon-api', 'Neon API key', 'NEON_API_KEY', 'Neon console → Account settings → API keys', 'napi_', /napi_[A-Za-z0-9]{60,80}/),
  token('neon-password', 'Neon database password', 'DATABASE_PASSWORD', 'Neon console → Roles → Reset password', 'npg_', /npg_[A-Za-z0-9]{10,40}/, { check: 'mixed' }),
  token('planetscale', 'PlanetScale credential', 'PLANETSCALE_TOKEN', 'PlanetScale → Settings → Passwords and service tokens', 'pscale_', /pscale_(?:tkn|oauth|pw)_[\w.=-]{32,64}/i),
  context('upstash-rest', 'Upstash REST token', 'UPSTASH_REDIS_REST_TOKEN', 'Upstash console → Database → Reset credentials', 'upstash', /A[A-Za-z0-9_-]{3}[A-Za-z0-9+/=_-]{36,120}/, { near: /token/i, check: 'generated' }),
  token('clickhouse', 'ClickHouse Cloud API key', 'CLICKHOUSE_API_SECRET', 'ClickHouse Cloud → Organisation → API keys', '4b1d', /4b1d[A-Za-z0-9]{38}/, { check: 'generated' }),
  token('convex', 'Convex deploy key', 'CONVEX_DEPLOY_KEY', 'Convex dashboard → Settings → Deploy keys', 'prod: preview: dev:', /(?:prod|dev|preview):[a-z]{3,12}-[a-z]{3,12}-\d{1,4}\|[A-Za-z0-9+/=]{40,400}/),
  token('pinecone', 'Pinecone API key', 'PINECONE_API_KEY', 'Pinecone console → API keys', 'pcsk_', /pcsk_[A-Za-z0-9]{5,6}_[A-Za-z0-9]{63}/),
  token('contentful-management', 'Contentful management token', 'CONTENTFUL_MANAGEMENT_TOKEN', 'Contentful → Settings → CMA tokens', 'CFPAT-', /CFPAT-[A-Za-z0-9_-]{43}/),
  context('contentful-delivery', 'Contentful token', 'CONTENTFUL_ACCESS_TOKEN', 'Contentful → Settings → API keys', 'contentful', /[A-Za-z0-9=_-]{43}/, { check: 'generated' }),
  context('confluent', 'Confluent key', 'CONFLUENT_API_SECRET', 'Confluent Cloud → API keys', 'confluent', /[A-Za-z0-9+/]{64}|[A-Za-z0-9]{16}/, { check: 'mixed' }),

  // ------------------------------------------------------------------------------------------ payments
  token('stripe-secret', 'Stripe secret key', 'STRIPE_SECRET_KEY', 'Stripe dashboard → Developers → API keys', 'sk_live_ rk_live_ sk_prod_ rk_prod_ sk_test_ rk_test_', /[rs]k_(?:live|test|prod)_[A-Za-z0-9]{10,247}/, { check: 'stripe' }),
  token('webhook-signing-secret', 'Webhook signing secret', 'STRIPE_WEBHOOK_SECRET', 'Stripe dashboard → Developers → Webhooks', 'whsec_', /whsec_[A-Za-z0-9+/]{24,120}={0,2}/, { check: 'webhook-secret' }),
  token('stripe-publishable', 'Publishable key', 'STRIPE_PUBLISHABLE_KEY', 'Stripe dashboard → Developers → API keys', 'pk_live_ pk_test_', /pk_(?:live|test)_[A-Za-z0-9=$]{20,250}/, { publicByDesign: true, severity: 'info' }),
  token('square', 'Square access token', 'SQUARE_ACCESS_TOKEN', 'Square developer dashboard → Credentials', 'EAAA sq0atp- sq0csp-', /(?:EAAA[\w-]{60}|sq0atp-[\w-]{22,60}|sq0csp-[\w-]{43})/, { check: 'mixed' }),
  context('razorpay-secret', 'Razorpay key secret', 'RAZORPAY_KEY_SECRET', 'Razorpay dashboard → Settings → API keys', 'razorpay', /[A-Za-z0-9]{24}/, { near: /secret/i, check: 'generated' }),
  token('plaid-access', 'Plaid access token', 'PLAID_ACCESS_TOKEN', 'Plaid dashboard → Keys', 'access-sandbox- access-development- access-production-', new RegExp(`access-(?:sandbox|development|production)-${UUID.source}`, 'i')),
  context('plaid-secret', 'Plaid secret', 'PLAID_SECRET', 'Plaid dashboard → Keys', 'plaid', /[a-z0-9]{30}|[a-z0-9]{24}/, { near: /key|token|secret|api|client/i, check: 'generated' }),
  token('paddle', 'Paddle API key', 'PADDLE_API_KEY', 'Paddle → Developer tools → Authentication', 'pdl_', /pdl_(?:live|sdbx)_apikey_[a-z0-9]{26}_[A-Za-z0-9]{22}_[A-Za-z0-9]{3}/),
  token('polar', 'Polar token', 'POLAR_ACCESS_TOKEN', 'Polar → Settings → Access tokens', 'polar_oat_ polar_pat_ polar_whs_', /polar_(?:oat|pat|whs)_[A-Za-z0-9]{30,60}/),
  token('flutterwave', 'Flutterwave secret key', 'FLUTTERWAVE_SECRET_KEY', 'Flutterwave dashboard → Settings → API', 'FLWSECK', /FLWSECK(?:_TEST)?-[a-h0-9]{12,32}(?:-X)?/i),
  token('shippo', 'Shippo token', 'SHIPPO_API_TOKEN', 'Shippo → Settings → API', 'shippo_live_ shippo_test_', /shippo_(?:live|test)_[a-f0-9]{40}/i),
  token('easypost', 'EasyPost key', 'EASYPOST_API_KEY', 'EasyPost dashboard → API keys', 'EZAK EZTK', /EZ[AT]K[a-z0-9]{54}/i),
  context('gocardless', 'GoCardless token', 'GOCARDLESS_ACCESS_TOKEN', 'GoCardless dashboard → Developers', 'gocardless', /live_[a-z0-9\-_=]{40}/i),
  token('duffel', 'Duffel token', 'DUFFEL_ACCESS_TOKEN', 'Duffel dashboard → Access tokens', 'duffel_live_ duffel_test_', /duffel_(?:test|live)_[a-z0-9_\-=]{43}/i),
  context('lob', 'Lob API key', 'LOB_API_KEY', 'Lob dashboard → Settings → API keys', 'lob', /(?:live|test)_(?:pub_)?[a-f0-9]{31,35}/i),

  // ------------------------------------------------------------------------------------------ sign-in
  context('auth0-client-secret', 'Auth0 client secret', 'AUTH0_CLIENT_SECRET', 'Auth0 dashboard → Applications → Rotate secret', 'auth0', /[A-Za-z0-9_-]{64}/, { near: /secret/i, check: 'generated', confidence: 'high' }),
  context('okta', 'Okta API token', 'OKTA_API_TOKEN', 'Okta admin → Security → API → Tokens', 'okta', /00[\w=-]{40}/, { check: 'mixed' }),
  token('authress', 'Authress access key', 'AUTHRESS_ACCESS_KEY', 'Authress → Service clients', 'sc_ ext_ scauth_ authress_', /(?:sc|ext|scauth|authress)_[a-z0-9]{5,30}\.[a-z0-9]{4,6}\.acc[_-][a-z0-9-]{10,32}\.[a-z0-9+/_=-]{30,120}/i),

  // ------------------------------------------------------------------------------------------ AI
  infix('openai', 'OpenAI API key', 'OPENAI_API_KEY', 'platform.openai.com → API keys', 'T3BlbkFJ', /sk-(?:(?:proj|svcacct|admin|service|None)-[A-Za-z0-9_-]{20,110}T3BlbkFJ[A-Za-z0-9_-]{20,110}|[A-Za-z0-9]{20}T3BlbkFJ[A-Za-z0-9]{20})/, { prefix: 'sk-' }),
  token('anthropic', 'Anthropic API key', 'ANTHROPIC_API_KEY', 'console.anthropic.com → API keys', 'sk-ant-', /sk-ant-(?:(?:api03|admin01)-[A-Za-z0-9_-]{93}AA|oat01-[A-Za-z0-9_-]{80,120}|sid0[12]-[A-Za-z0-9_-]{80,120})/),
  token('openrouter', 'OpenRouter API key', 'OPENROUTER_API_KEY', 'openrouter.ai → Keys', 'sk-or-v1-', /sk-or-v1-[0-9a-f]{64}/),
  token('groq', 'Groq API key', 'GROQ_API_KEY', 'console.groq.com → API keys', 'gsk_', /gsk_[A-Za-z0-9]{52}/),
  token('xai', 'xAI API key', 'XAI_API_KEY', 'console.x.ai → API keys', 'xai-', /xai-[A-Za-z0-9_]{80}/),
  token('perplexity', 'Perplexity API key', 'PERPLEXITY_API_KEY', 'perplexity.ai → Settings → API', 'pplx-', /pplx-[A-Za-z0-9]{48}/),
  token('replicate', 'Replicate API token', 'REPLICATE_API_TOKEN', 'replicate.com → Account → API tokens', 'r8_', /r8_[A-Za-z0-9_-]{37}/),
  token('huggingface', 'Hugging Face token', 'HF_TOKEN', 'huggingface.co → Settings → Access tokens', 'hf_ api_org_', /(?:hf_[A-Za-z]{34}|api_org_[A-Za-z]{34})/),
  token('apify', 'Apify API token', 'APIFY_TOKEN', 'Apify console → Settings → Integrations', 'apify_api_', /apify_api_[A-Za-z0-9-]{36}/),
  context('assemblyai', 'AssemblyAI API key', 'ASSEMBLYAI_API_KEY', 'assemblyai.com → API keys', 'assemblyai assembly_ai', /[a-z0-9]{32}/, { near: KEYISH, check: 'generated' }),
  context('deepseek', 'DeepSeek API key', 'DEEPSEEK_API_KEY', 'platform.deepseek.com → API keys', 'deepseek', /sk-[a-z0-9]{32}/, { confidence: 'high' }),
  context('elevenlabs', 'ElevenLabs API key', 'ELEVENLABS_API_KEY', 'elevenlabs.io → Profile → API keys', 'elevenlabs eleven_labs xi-api-key xi_api_key', /(?:sk_[a-f0-9]{48}|[a-f0-9]{32})/, { confidence: 'high' }),
  token('elevenlabs-sk', 'ElevenLabs API key', 'ELEVENLABS_API_KEY', 'elevenlabs.io → Profile → API keys', 'sk_', /sk_[a-f0-9]{48}/, { check: 'hex-mixed' }),
  token('langsmith', 'LangSmith API key', 'LANGSMITH_API_KEY', 'smith.langchain.com → Settings → API keys', 'lsv2_', /lsv2_(?:pt|sk)_[a-f0-9]{32}_[a-f0-9]{10}/),
  token('langfuse', 'Langfuse secret key', 'LANGFUSE_SECRET_KEY', 'Langfuse → Project settings → API keys', 'sk-lf-', new RegExp(`sk-lf-${UUID.source}`)),
  token('tavily', 'Tavily API key', 'TAVILY_API_KEY', 'app.tavily.com → API keys', 'tvly-', /tvly-[A-Za-z0-9-]{20,60}/, { check: 'mixed' }),
  token('firecrawl', 'Firecrawl API key', 'FIRECRAWL_API_KEY', 'firecrawl.dev → API keys', 'fc-', /fc-[a-f0-9]{32}/, { check: 'hex-mixed' }),
  context('cohere', 'Cohere API key', 'COHERE_API_KEY', 'dashboard.cohere.com → API keys', 'cohere co_api_key', /[A-Za-z0-9]{40}/, { check: 'generated' }),
  context('mistral', 'Mistral API key', 'MISTRAL_API_KEY', 'console.mistral.ai → API keys', 'mistral', /[A-Za-z0-9]{32}/, { near: KEYISH, check: 'generated' }),
  context('together', 'Together API key', 'TOGETHER_API_KEY', 'api.together.ai → Settings → API keys', 'together', /[a-f0-9]{64}/, { near: KEYISH, check: 'hex-mixed' }),
  token('google-api-key', 'Google API key', 'GOOGLE_API_KEY', 'Google Cloud console → APIs and services → Credentials', 'AIza', /AIza[A-Za-z0-9_-]{35}/, { check: 'google-api-key' }),
  token('google-auth-key', 'Google AI Studio key', 'GEMINI_API_KEY', 'aistudio.google.com → API keys', 'AQ.', /AQ\.[A-Za-z0-9_-]{30,120}/, { check: 'mixed' }),

  // ------------------------------------------------------------------------------------------ clouds and hosts
  token('aws-access-key-id', 'AWS access key', 'AWS_ACCESS_KEY_ID', 'AWS console → IAM → Security credentials', 'AKIA ASIA ABIA ACCA A3T', /(?:A3T[A-Z0-9]|AKIA|ASIA|ABIA|ACCA)[A-Z2-7]{16}/, { check: 'aws-id' }),
  context('aws-secret-key', 'AWS secret access key', 'AWS_SECRET_ACCESS_KEY', 'AWS console → IAM → Security credentials', 'secret_access_key secretaccesskey secretkey secret_key secret-access-key aws_secret awssecret aws_sec aws_session', /[A-Za-z0-9/+]{40}/, { check: 'generated', confidence: 'high' }),
  token('aws-bedrock', 'Amazon Bedrock API key', 'AWS_BEARER_TOKEN_BEDROCK', 'AWS console → Bedrock → API keys', 'ABSK bedrock-api-key-', /(?:ABSK[A-Za-z0-9+/]{109,269}={0,2}|bedrock-api-key-[A-Za-z0-9+/]{28,1200}={0,2})/, { check: 'bedrock' }),
  token('gcp-oauth-secret', 'Google OAuth client secret', 'GOOGLE_CLIENT_SECRET', 'Google Cloud console → APIs and services → Credentials', 'GOCSPX-', /GOCSPX-[A-Za-z0-9_-]{28}/),
  token('google-access-token', 'Google access token', 'GOOGLE_ACCESS_TOKEN', 'Google account → Security → Third-party access', 'ya29.', /ya29\.[A-Za-z0-9_-]{20,800}/, { severity: 'high' }),
  token('google-refresh-token', 'Google refresh token', 'GOOGLE_REFRESH_TOKEN', 'Google account → Security → Third-party access', '1//0', /1\/\/0[A-Za-z0-9_-]{30,120}/, { check: 'mixed' }),
  token('fcm-server-key', 'Firebase Cloud Messaging server key', 'FCM_SERVER_KEY', 'Firebase console → Project settings → Cloud Messaging', 'AAAA', /AAAA[A-Za-z0-9_-]{7}:APA91[A-Za-z0-9_-]{134,180}/),
  infix('azure-ad-client-secret', 'Azure client secret', 'AZURE_CLIENT_SECRET', 'Azure portal → App registrations → Certificates and secrets', 'Q~', /[\w~.]{3}\dQ~[\w~.-]{31,34}(?![\w~.-])/, { marks: '.~' }),
  // Microsoft signs its newer keys with letters at a fixed place.
  infix('azure-container-registry', 'Azure container registry password', 'ACR_PASSWORD', 'Azure portal → Container registry → Access keys', '+ACR', /[A-Za-z0-9+/]{42}\+ACR[A-D][A-Za-z0-9+/]{5}/, { marks: '+/' }),
  infix('azure-function-key', 'Azure Functions key', 'AZURE_FUNCTION_KEY', 'Azure portal → Function app → App keys', 'AzFu', /[A-Za-z0-9_-]{44}AzFu[A-Za-z0-9_-]{5}[AQgw]==/),
  infix('azure-search-key', 'Azure AI Search key', 'AZURE_SEARCH_KEY', 'Azure portal → Search service → Keys', 'AzSe', /[A-Za-z0-9]{42}AzSe[A-D][A-Za-z0-9]{5}/),
  infix('azure-devops', 'Azure DevOps token', 'AZURE_DEVOPS_PAT', 'Azure DevOps → User settings → Personal access tokens', 'AZDO', /[A-Za-z0-9]{76}AZDO[A-Za-z0-9]{4}/),
  infix('azure-ai', 'Azure AI services key', 'AZURE_OPENAI_API_KEY', 'Azure portal → AI services → Keys and endpoint', 'JQQJ99', /[A-Za-z0-9]{52}JQQJ99[A-Za-z0-9]{26}/),
  token('azure-sas', 'Azure shared access signature', 'AZURE_SAS_TOKEN', 'Azure portal → the resource → Shared access signature (rotate its key)', 'sig=', /sig=[A-Za-z0-9%+/_-]{43,90}={0,1}/, { check: 'azure-sas', severity: 'high', confidence: 'medium' }),
  token('azure-storage-key', 'Azure storage account key', 'AZURE_STORAGE_CONNECTION_STRING', 'Azure portal → Storage account → Access keys', 'AccountKey=', /AccountKey=[A-Za-z0-9+/]{86}==/),
  token('cloudflare', 'Cloudflare API token', 'CLOUDFLARE_API_TOKEN', 'Cloudflare dashboard → My profile → API tokens', 'cfut_ cfat_ cfk_', /cf(?:ut|at|k)_[A-Za-z0-9]{40}[a-f0-9]{8}/),
  token('cloudflare-origin-ca', 'Cloudflare Origin CA key', 'CLOUDFLARE_ORIGIN_CA_KEY', 'Cloudflare dashboard → My profile → API tokens', 'v1.0-', /v1\.0-[a-f0-9]{24}-[a-f0-9]{146}/),
  // A length that no digest has: the provider's name is enough.
  context('cloudflare-global', 'Cloudflare global API key', 'CLOUDFLARE_API_KEY', 'Cloudflare dashboard → My profile → API tokens', 'cloudflare cf_api', /[a-f0-9]{37}/),
  context('cloudflare-legacy', 'Cloudflare API key', 'CLOUDFLARE_API_TOKEN', 'Cloudflare dashboard → My profile → API tokens', 'cloudflare cf_api', /[A-Za-z0-9_-]{40}/, { near: KEYISH, check: 'generated' }),
  context('turnstile-secret', 'Cloudflare Turnstile secret', 'TURNSTILE_SECRET_KEY', 'Cloudflare dashboard → Turnstile', 'turnstile', /0x4[A-Za-z0-9_-]{20,60}/, { near: /secret/i }),
  token('vercel', 'Vercel token', 'VERCEL_TOKEN', 'vercel.com → Account settings → Tokens', 'vcp_ vca_ vci_ vcr_ vck_', /vc[pairk]_[A-Za-z0-9]{20,60}/, { check: 'mixed' }),
  token('vercel-blob', 'Vercel Blob token', 'BLOB_READ_WRITE_TOKEN', 'vercel.com → Storage → Blob', 'vercel_blob_rw_', /vercel_blob_rw_[A-Za-z0-9]{16}_[A-Za-z0-9]{30,60}/),
  context('vercel-legacy', 'Vercel token', 'VERCEL_TOKEN', 'vercel.com → Account settings → Tokens', 'vercel', /[A-Za-z0-9]{24}/, { near: /token/i, check: 'generated' }),
  token('netlify', 'Netlify token', 'NETLIFY_AUTH_TOKEN', 'Netlify → User settings → Applications', 'nfp_', /nfp_[A-Za-z0-9_]{36}/),
  context('netlify-legacy', 'Netlify token', 'NETLIFY_AUTH_TOKEN', 'Netlify → User settings → Applications', 'netlify', /[a-z0-9][a-z0-9=_-]{39,45}/i, { check: 'generated' }),
  token('render', 'Render API key', 'RENDER_API_KEY', 'Render dashboard → Account settings → API keys', 'rnd_', /rnd_[A-Za-z0-9]{28,40}/),
  context('railway', 'Railway token', 'RAILWAY_TOKEN', 'Railway → Account → Tokens', 'railway', UUID, { near: /token/i }),
  token('fly', 'Fly.io token', 'FLY_API_TOKEN', 'fly.io dashboard → Tokens', 'fm1_ fm1r_ fm1a_ fm2_ fo1_', /(?:fo1_[\w-]{43}|fm1[ar]_[A-Za-z0-9+/]{100,2000}={0,3}|fm[12]_[A-Za-z0-9+/]{100,2000}={0,3})/),
  token('heroku', 'Heroku API key', 'HEROKU_API_KEY', 'Heroku dashboard → Account settings', 'HRKU-', new RegExp(`HRKU-(?:AA[\\w-]{58}|${UUID.source})`, 'i')),
  context('heroku-legacy', 'Heroku API key', 'HEROKU_API_KEY', 'Heroku dashboard → Account settings', 'heroku', UUID, { near: /key|token|secret|auth|api/i }),
  token('digitalocean', 'DigitalOcean token', 'DIGITALOCEAN_TOKEN', 'DigitalOcean → API → Tokens', 'dop_v1_ doo_v1_ dor_v1_', /do[opr]_v1_[a-f0-9]{64}/),
  token('alibaba', 'Alibaba Cloud access key', 'ALIBABA_CLOUD_ACCESS_KEY_ID', 'Alibaba Cloud → AccessKey management', 'LTAI', /LTAI[A-Za-z0-9]{17,21}/, { check: 'mixed' }),
  context('alibaba-secret', 'Alibaba Cloud secret key', 'ALIBABA_CLOUD_ACCESS_KEY_SECRET', 'Alibaba Cloud → AccessKey management', 'alibaba', /[a-z0-9]{30}/i, { check: 'generated' }),
  token('yandex', 'Yandex Cloud token', 'YANDEX_API_KEY', 'Yandex Cloud console → Service accounts', 'AQVN YC t1.', /(?:AQVN[A-Za-z0-9_-]{35,38}|YC[A-Za-z0-9_-]{38}|t1\.[A-Z0-9a-z_-]{1,80}={0,2}\.[A-Z0-9a-z_-]{86}={0,2})/, { check: 'mixed' }),
  token('scalingo', 'Scalingo token', 'SCALINGO_API_TOKEN', 'Scalingo dashboard → Account → Tokens', 'tk-us-', /tk-us-[\w-]{48}/),
  token('vault', 'HashiCorp Vault token', 'VAULT_TOKEN', 'vault token revoke', 'hvs. hvb.', /hv[sb]\.[\w-]{90,300}/),
  context('vault-legacy', 'HashiCorp Vault token', 'VAULT_TOKEN', 'vault token revoke', 'vault', /s\.[A-Za-z0-9]{24}/, { check: 'generated' }),
  infix('terraform-cloud', 'Terraform Cloud token', 'TF_API_TOKEN', 'app.terraform.io → User settings → Tokens', '.atlasv1.', /[A-Za-z0-9]{14}\.atlasv1\.[A-Za-z0-9\-_=]{60,70}/),
  token('pulumi', 'Pulumi access token', 'PULUMI_ACCESS_TOKEN', 'app.pulumi.com → Access tokens', 'pul-', /pul-[a-f0-9]{40}/),
  token('doppler', 'Doppler token', 'DOPPLER_TOKEN', 'Doppler → Access → Tokens', 'dp.pt. dp.st. dp.sa. dp.ct. dp.scim. dp.audit.', /dp\.(?:pt|st|sa|ct|scim|audit)\.[A-Za-z0-9._-]{40,80}/),
  token('onepassword', '1Password service account token', 'OP_SERVICE_ACCOUNT_TOKEN', '1Password → Developer → Service accounts', 'ops_eyJ', /ops_eyJ[A-Za-z0-9+/_-]{250,2000}={0,3}/, { check: 'onepassword' }),
  token('onepassword-key', '1Password secret key', 'OP_SECRET_KEY', '1Password → Account → Secret key', 'A3-', /A3-[A-Z0-9]{6}-(?:[A-Z0-9]{11}|[A-Z0-9]{6}-[A-Z0-9]{5})-[A-Z0-9]{5}-[A-Z0-9]{5}-[A-Z0-9]{5}/, { check: 'mixed' }),
  token('age', 'age private key', 'AGE_SECRET_KEY', 'age-keygen', 'AGE-SECRET-KEY-1', /AGE-SECRET-KEY-1[QPZRY9X8GF2TVDW0S3JN54KHCE6MUA7L]{58}/),
  token('tailscale', 'Tailscale key', 'TAILSCALE_AUTHKEY', 'Tailscale admin → Settings → Keys', 'tskey-', /tskey-[a-z]{3,12}-[A-Za-z0-9]{6,30}-[A-Za-z0-9]{20,60}/),
  token('databricks', 'Databricks token', 'DATABRICKS_TOKEN', 'Databricks → User settings → Access tokens', 'dapi', /dapi[a-f0-9]{32}(?:-\d)?/, { check: 'hex-mixed' }),
  token('dynatrace', 'Dynatrace token', 'DYNATRACE_API_TOKEN', 'Dynatrace → Access tokens', 'dt0c01. dt0s01. dt0s16.', /dt0(?:c01|s01|s16)\.[A-Z0-9]{24}\.[A-Z0-9]{64}/i),
  token('openshift', 'OpenShift token', 'OPENSHIFT_TOKEN', 'oc whoami --show-token', 'sha256~', /sha256~[\w-]{43}/, { check: 'mixed' }),
  token('defined-networking', 'Defined Networking token', 'DN_API_TOKEN', 'Defined Networking admin → API keys', 'dnkey-', /dnkey-[a-z0-9=_-]{26}-[a-z0-9=_-]{52}/i),
  context('fastly', 'Fastly token', 'FASTLY_API_TOKEN', 'Fastly → Account → API tokens', 'fastly', /[a-z0-9=_-]{32}/i, { check: 'generated' }),

  // ------------------------------------------------------------------------------------------ code and packages
  token('github', 'GitHub token', 'GITHUB_TOKEN', 'github.com → Settings → Developer settings → Tokens', 'ghp_ gho_ ghr_ ghu_', /gh[poru]_[A-Za-z0-9]{36}/, { check: 'crc' }),
  token('github-app', 'GitHub installation token', 'GITHUB_TOKEN', 'github.com → Settings → Developer settings → GitHub Apps', 'ghs_', /ghs_(?:[A-Za-z0-9]{36}(?![A-Za-z0-9._-])|\d{1,12}_eyJ[A-Za-z0-9_-]{10,600}\.eyJ[A-Za-z0-9_-]{10,900}\.[A-Za-z0-9_-]{20,800}|[A-Za-z0-9_-]{10,600}\.[A-Za-z0-9_-]{10,900}\.[A-Za-z0-9_-]{20,800})/, { check: 'crc-if-36', severity: 'medium' }),
  token('github-pat', 'GitHub fine-grained token', 'GITHUB_TOKEN', 'github.com → Settings → Developer settings → Fine-grained tokens', 'github_pat_', /github_pat_[A-Za-z0-9]{22}_[A-Za-z0-9]{59}/),
  token('gitlab', 'GitLab token', 'GITLAB_TOKEN', 'GitLab → Preferences → Access tokens', 'glpat- gldt- glrt- glrtr- glptt- glcbt- glimt- glagent- gloas- glsoat- glffct- glft-', /gl(?:pat|dt|rtr?|ptt|cbt|imt|agent|oas|soat|ffct|ft)-[\w-]{20,300}(?:\.[0-9a-z]{2}[0-9a-z]{7})?/, { check: 'mixed' }),
  token('gitlab-feature-flag', 'GitLab token', 'GITLAB_TOKEN', 'GitLab → Preferences → Access tokens', 'GR1348941 _gitlab_session=', /(?:GR1348941[\w-]{20}|_gitlab_session=[0-9a-z]{32})/),
  token('npm', 'npm access token', 'NPM_TOKEN', 'npmjs.com → Access tokens', 'npm_', /npm_[A-Za-z0-9]{36}/, { check: 'crc' }),
  context('npm-auth', 'npm registry token', 'NPM_TOKEN', 'npmjs.com → Access tokens', ':_authToken', new RegExp(`${UUID.source}|[A-Za-z0-9][A-Za-z0-9+/=_-]{29,199}`), { confidence: 'high' }),
  token('pypi', 'PyPI token', 'PYPI_API_TOKEN', 'pypi.org → Account settings → API tokens', 'pypi-', /pypi-AgE[A-Za-z0-9_-]{50,1000}/),
  token('rubygems', 'RubyGems token', 'RUBYGEMS_API_KEY', 'rubygems.org → Settings → API keys', 'rubygems_', /rubygems_[a-f0-9]{48}/),
  token('nuget', 'NuGet key', 'NUGET_API_KEY', 'nuget.org → API keys', 'oy2', /oy2[a-z0-9]{43}/, { check: 'mixed' }),
  token('clojars', 'Clojars token', 'CLOJARS_TOKEN', 'clojars.org → Tokens', 'CLOJARS_', /CLOJARS_[a-z0-9]{60}/i),
  token('docker', 'Docker Hub token', 'DOCKER_TOKEN', 'hub.docker.com → Account settings → Personal access tokens', 'dckr_', /dckr_(?:pat|oat)_[\w-]{27,32}/),
  token('artifactory', 'Artifactory token', 'ARTIFACTORY_API_KEY', 'JFrog → Profile → API key', 'AKCp cmVmd', /(?:AKCp[A-Za-z0-9]{69}|cmVmd[A-Za-z0-9]{59})/),
  context('jfrog', 'JFrog credential', 'JFROG_API_KEY', 'JFrog → Profile → API key', 'jfrog artifactory bintray xray', /[A-Za-z0-9]{64,73}/, { check: 'generated' }),
  token('sonar', 'Sonar token', 'SONAR_TOKEN', 'SonarQube → My account → Security', 'squ_ sqp_ sqa_', /sq[upa]_[a-z0-9=_-]{40}/i),
  context('sonar-legacy', 'Sonar token', 'SONAR_TOKEN', 'SonarQube → My account → Security', 'sonar.login sonar_token sonar_login sonarqube', /[a-z0-9]{40}/i, { check: 'generated' }),
  token('sourcegraph', 'Sourcegraph token', 'SOURCEGRAPH_TOKEN', 'Sourcegraph → Settings → Access tokens', 'sgp_', /sgp_(?:[a-f0-9]{40}|local_[a-f0-9]{40}|[a-f0-9]{16}_[a-f0-9]{40})/i),
  context('sourcegraph-legacy', 'Sourcegraph token', 'SOURCEGRAPH_TOKEN', 'Sourcegraph → Settings → Access tokens', 'sourcegraph', /[a-f0-9]{40}/i),
  context('sidekiq', 'Sidekiq Enterprise credential', 'BUNDLE_GEMS__CONTRIBSYS__COM', 'contribsys.com → Licence', 'contribsys__com contribsys.com', /[a-f0-9]{8}:[a-f0-9]{8}/i, { confidence: 'high' }),
  token('buildkite', 'Buildkite API token', 'BUILDKITE_API_TOKEN', 'Buildkite → Personal settings → API access tokens', 'bkua_', /bkua_[a-z0-9]{40}/),
  token('circleci', 'CircleCI token', 'CIRCLECI_TOKEN', 'CircleCI → User settings → Personal API tokens', 'CCIPAT_ CCIPRJ_', /CCI(?:PAT|PRJ)_[A-Za-z0-9]{22}_[a-f0-9]{40}/),
  token('bitbucket-app-password', 'Bitbucket app password', 'BITBUCKET_APP_PASSWORD', 'Bitbucket → Personal settings → App passwords', 'ATBB', /ATBB[A-Za-z0-9]{24,32}/, { check: 'mixed' }),
  token('postman', 'Postman API key', 'POSTMAN_API_KEY', 'Postman → Settings → API keys', 'PMAK-', /PMAK-[a-f0-9]{24}-[a-f0-9]{34}/i),
  token('prefect', 'Prefect API key', 'PREFECT_API_KEY', 'Prefect Cloud → API keys', 'pnu_', /pnu_[a-z0-9]{36}/i),
  token('harness', 'Harness token', 'HARNESS_API_KEY', 'Harness → My profile → API keys', 'pat. sat.', /[ps]at\.[A-Za-z0-9_-]{22}\.[A-Za-z0-9]{24}\.[A-Za-z0-9]{20}/),
  token('octopus', 'Octopus Deploy key', 'OCTOPUS_API_KEY', 'Octopus → Profile → API keys', 'API-', /API-[A-Z0-9]{26}/, { check: 'mixed' }),
  token('infracost', 'Infracost key', 'INFRACOST_API_KEY', 'Infracost Cloud → Org settings', 'ico-', /ico-[A-Za-z0-9]{32}/),
  token('readme', 'ReadMe API key', 'README_API_KEY', 'ReadMe dashboard → Configuration → API key', 'rdme_', /rdme_[a-z0-9]{70}/),
  token('settlemint', 'SettleMint token', 'SETTLEMINT_ACCESS_TOKEN', 'SettleMint console → Access tokens', 'sm_aat_ sm_pat_ sm_sat_', /sm_[aps]at_[A-Za-z0-9]{16}/),
  token('trigger-dev', 'Trigger.dev key', 'TRIGGER_SECRET_KEY', 'Trigger.dev → API keys', 'tr_prod_ tr_dev_ tr_stg_', /tr_(?:prod|dev|stg)_[A-Za-z0-9]{20,60}/),
  token('inngest', 'Inngest signing key', 'INNGEST_SIGNING_KEY', 'Inngest dashboard → Manage → Signing key', 'signkey-', /signkey-(?:prod|test|branch)-[a-f0-9]{32,80}/),
  context('snyk', 'Snyk token', 'SNYK_TOKEN', 'app.snyk.io → Account settings', 'snyk', UUID, { near: KEYISH }),
  context('launchdarkly', 'LaunchDarkly key', 'LAUNCHDARKLY_SDK_KEY', 'LaunchDarkly → Account settings → Authorization', 'launchdarkly', new RegExp(`(?:sdk|api)-${UUID.source}|[a-z0-9=_-]{40}`, 'i'), { check: 'generated' }),
  token('launchdarkly-sdk', 'LaunchDarkly key', 'LAUNCHDARKLY_SDK_KEY', 'LaunchDarkly → Account settings → Authorization', 'sdk- api-', new RegExp(`(?:sdk|api)-${UUID.source}`, 'i'), { confidence: 'medium' }),
  context('codecov', 'Codecov token', 'CODECOV_TOKEN', 'app.codecov.io → Settings', 'codecov', /[a-z0-9]{32}/i, { check: 'generated' }),
  context('travis', 'Travis CI token', 'TRAVIS_TOKEN', 'travis-ci.com → Settings', 'travis', /[a-z0-9]{22}/i, { near: KEYISH, check: 'generated' }),

  // ------------------------------------------------------------------------------------------ mail, messages, push
  token('sendgrid', 'SendGrid API key', 'SENDGRID_API_KEY', 'SendGrid → Settings → API keys', 'SG.', /SG\.[A-Za-z0-9_-]{22}\.[A-Za-z0-9_-]{43}/),
  token('sendgrid-any', 'SendGrid API key', 'SENDGRID_API_KEY', 'SendGrid → Settings → API keys', 'SG.', /SG\.[A-Za-z0-9=_.-]{66}/, { check: 'mixed' }),
  token('resend', 'Resend API key', 'RESEND_API_KEY', 'resend.com → API keys', 're_', /re_[A-Za-z0-9]{8}_[A-Za-z0-9]{24}/),
  context('resend-any', 'Resend API key', 'RESEND_API_KEY', 'resend.com → API keys', 'resend', /re_[A-Za-z0-9_]{20,60}/, { check: 'mixed', confidence: 'high' }),
  context('postmark', 'Postmark server token', 'POSTMARK_SERVER_TOKEN', 'Postmark → Server → API tokens', 'postmark server_token servertoken', UUID, { confidence: 'medium' }),
  token('mailgun', 'Mailgun API key', 'MAILGUN_API_KEY', 'Mailgun → API security', 'key-', /key-[a-f0-9]{32}/, { check: 'hex-mixed' }),
  context('mailgun-private', 'Mailgun key', 'MAILGUN_API_KEY', 'Mailgun → API security', 'mailgun', /[a-f0-9]{32}-[a-f0-9]{8}-[a-f0-9]{8}/, { bare: true, confidence: 'high' }),
  context('mailgun-key', 'Mailgun key', 'MAILGUN_API_KEY', 'Mailgun → API security', 'mailgun', /(?:key-|pubkey-)?[a-f0-9]{32}(?:-[a-f0-9]{8}-[a-f0-9]{8})?/),
  infix('mailchimp', 'Mailchimp API key', 'MAILCHIMP_API_KEY', 'Mailchimp → Account → Extras → API keys', '-us', /[a-f0-9]{32}-us\d{1,2}/, { check: 'hex-mixed' }),
  token('mandrill', 'Mandrill API key', 'MANDRILL_API_KEY', 'Mandrill → Settings → API keys', 'md-', /md-[A-Za-z0-9_-]{22}/, { check: 'mixed', confidence: 'medium' }),
  token('brevo', 'Brevo API key', 'BREVO_API_KEY', 'Brevo → SMTP and API', 'xkeysib- xsmtpsib-', /x(?:key|smtp)sib-[a-f0-9]{64}-[A-Za-z0-9]{16}/i),
  context('loops', 'Loops API key', 'LOOPS_API_KEY', 'loops.so → Settings → API', 'loops', HEX32, { near: KEYISH }),
  context('twilio-auth-token', 'Twilio auth token', 'TWILIO_AUTH_TOKEN', 'Twilio console → Account → API keys and tokens', 'twilio', /[0-9a-f]{32}/, { near: /auth|token|secret|pass/i, confidence: 'high' }),
  token('twilio-api-key', 'Twilio API key', 'TWILIO_API_KEY', 'Twilio console → Account → API keys and tokens', 'SK', /SK[0-9a-f]{32}/, { check: 'hex-mixed' }),
  token('slack', 'Slack token', 'SLACK_TOKEN', 'api.slack.com → Your apps', 'xoxb- xoxa- xoxp- xoxr- xoxs- xoxo- xoxc- xoxd- xoxe- xoxe.xox', /xox(?:[a-e]|[oprs])(?:\.xox[bp])?-[A-Za-z0-9-]{10,300}/, { check: 'slack' }),
  token('slack-app', 'Slack app token', 'SLACK_APP_TOKEN', 'api.slack.com → Your apps', 'xapp-', /xapp-\d-[A-Za-z0-9]{1,20}-[a-z0-9]{1,20}-[a-z0-9]{20,100}/i),
  token('slack-webhook', 'Slack webhook URL', 'SLACK_WEBHOOK_URL', 'api.slack.com → Your apps → Incoming webhooks', 'hooks.slack.com/', /hooks\.slack\.com\/(?:services|workflows|triggers)\/[A-Za-z0-9+/_-]{20,120}/, { severity: 'high', check: 'slack-webhook' }),
  infix('teams-webhook', 'Microsoft Teams webhook URL', 'TEAMS_WEBHOOK_URL', 'Teams → Channel → Connectors', '.webhook.office.com/webhookb2/', new RegExp(`[a-z0-9-]{1,60}\\.webhook\\.office\\.com/webhookb2/${ID}@${ID}/IncomingWebhook/[a-z0-9]{32}/${ID}`, 'i'), { severity: 'high' }),
  infix('discord-bot', 'Discord bot token', 'DISCORD_BOT_TOKEN', 'discord.com/developers → Bot → Reset token', '.G .X .Y .Z', /[MNO][A-Za-z0-9_-]{23,27}\.[A-Za-z0-9_-]{6}\.[A-Za-z0-9_-]{27,38}/, { check: 'discord' }),
  context('discord-secret', 'Discord secret', 'DISCORD_CLIENT_SECRET', 'discord.com/developers → OAuth2', 'discord', /[A-Za-z0-9=_-]{32}|[a-f0-9]{64}/, { near: /key|token|secret|api/i, check: 'generated' }),
  token('discord-webhook', 'Discord webhook URL', 'DISCORD_WEBHOOK_URL', 'Discord → Channel settings → Integrations', 'discord.com/api/webhooks/ discordapp.com/api/webhooks/', /discord(?:app)?\.com\/api\/webhooks\/\d{17,20}\/[\w-]{60,80}/, { severity: 'high' }),
  infix('telegram-bot', 'Telegram bot token', 'TELEGRAM_BOT_TOKEN', 'Telegram → @BotFather → /revoke', ':A', /\d{8,10}:A[A-Za-z0-9_-]{34}/, { check: 'telegram' }),
  context('telegram-bot-near', 'Telegram bot token', 'TELEGRAM_BOT_TOKEN', 'Telegram → @BotFather → /revoke', 'telegr', /\d{5,16}:A[a-z0-9_-]{34}/i, { confidence: 'high' }),
  context('mattermost', 'Mattermost token', 'MATTERMOST_TOKEN', 'Mattermost → Profile → Security', 'mattermost', /[a-z0-9]{26}/i, { check: 'generated' }),
  token('onesignal', 'OneSignal API key', 'ONESIGNAL_API_KEY', 'OneSignal → Settings → Keys and IDs', 'os_v2_', /os_v2_(?:app|org)_[a-z0-9]{60,120}/),
  token('zapier-webhook', 'Zapier webhook URL', 'ZAPIER_WEBHOOK_URL', 'Zapier → the Zap → Webhooks trigger', 'hooks.zapier.com/hooks/catch/', /hooks\.zapier\.com\/hooks\/catch\/\d{4,10}\/[a-z0-9]{5,10}/, { severity: 'medium', confidence: 'medium', check: 'zapier' }),
  context('messagebird', 'MessageBird key', 'MESSAGEBIRD_API_KEY', 'MessageBird → Developers', 'messagebird message-bird message_bird', new RegExp(`${UUID.source}|[a-z0-9]{25}`, 'i'), { near: KEYISH, check: 'generated' }),
  context('intercom', 'Intercom key', 'INTERCOM_ACCESS_TOKEN', 'Intercom → Developer hub', 'intercom', /[a-z0-9=_-]{60}/i, { check: 'generated' }),
  context('sendbird', 'Sendbird token', 'SENDBIRD_API_TOKEN', 'Sendbird dashboard → Settings', 'sendbird', new RegExp(`[a-f0-9]{40}|${UUID.source}`, 'i'), { near: KEYISH }),

  // ------------------------------------------------------------------------------------------ watching and analytics
  context('beamer', 'Beamer token', 'BEAMER_API_KEY', 'Beamer → Settings → API', 'beamer', /b_[a-z0-9=_-]{44}/i, { check: 'generated' }),
  token('sentry-org', 'Sentry organisation token', 'SENTRY_AUTH_TOKEN', 'sentry.io → Settings → Auth tokens', 'sntrys_eyJ', /sntrys_eyJ[A-Za-z0-9+/]{60,400}={0,2}_[A-Za-z0-9+/]{43}(?![A-Za-z0-9+/=])/, { check: 'sentry-org' }),
  token('sentry-user', 'Sentry user token', 'SENTRY_AUTH_TOKEN', 'sentry.io → User settings → Auth tokens', 'sntryu_', /sntryu_[a-f0-9]{64}/),
  context('sentry-legacy', 'Sentry token', 'SENTRY_AUTH_TOKEN', 'sentry.io → Settings → Auth tokens', 'sentry', HEX64, { near: /token|auth|key|secret/i }),
  token('grafana-service', 'Grafana service account token', 'GRAFANA_TOKEN', 'Grafana → Administration → Service accounts', 'glsa_', /glsa_[A-Za-z0-9]{32}_[A-Fa-f0-9]{8}/),
  token('grafana-cloud', 'Grafana Cloud token', 'GRAFANA_CLOUD_TOKEN', 'grafana.com → Access policies', 'glc_', /glc_[A-Za-z0-9+/]{32,400}={0,3}/),
  token('grafana-api', 'Grafana API key', 'GRAFANA_API_KEY', 'Grafana → Administration → API keys', 'eyJrIjoi', /eyJrIjoi[A-Za-z0-9]{70,400}={0,3}/),
  context('datadog', 'Datadog key', 'DD_API_KEY', 'Datadog → Organisation settings → API keys', 'datadog dd_api dd_app', /[a-f0-9]{40}|[a-f0-9]{32}|[a-z0-9]{40}/, { near: /key|token|secret|access/i, check: 'generated' }),
  token('newrelic', 'New Relic key', 'NEW_RELIC_API_KEY', 'New Relic → API keys', 'NRAK- NRII- NRJS- NRRA-', /(?:NRAK-[A-Z0-9]{27}|NRII-[a-z0-9-]{32}|NRRA-[a-f0-9]{42})/i),
  infix('newrelic-license', 'New Relic licence key', 'NEW_RELIC_LICENSE_KEY', 'New Relic → API keys', 'FFFFNRAL', /(?:[a-f0-9]{32}|eu01xx[a-f0-9]{26})FFFFNRAL/),
  context('pagerduty', 'PagerDuty API key', 'PAGERDUTY_API_KEY', 'PagerDuty → Integrations → API access keys', 'pagerduty pager_duty', /[uy][+_][A-Za-z0-9_+-]{18}/, { near: KEYISH, check: 'generated' }),
  context('newrelic-context', 'New Relic key', 'NEW_RELIC_API_KEY', 'New Relic → API keys', 'new-relic newrelic new_relic', /[a-z0-9]{64}|[a-f0-9]{36}NRAL/i, { check: 'generated' }),
  context('sumologic-id', 'Sumo Logic access ID', 'SUMOLOGIC_ACCESS_ID', 'Sumo Logic → Preferences → Access keys', 'sumo', /su[A-Za-z0-9]{12}/, { near: /[Ss]umo|SUMO/, check: 'mixed' }),
  context('sumologic-key', 'Sumo Logic access key', 'SUMOLOGIC_ACCESS_KEY', 'Sumo Logic → Preferences → Access keys', 'sumo', /[A-Za-z0-9]{64}/, { near: /[Ss]umo|SUMO/, check: 'generated' }),
  token('posthog-personal', 'PostHog personal API key', 'POSTHOG_PERSONAL_API_KEY', 'PostHog → Settings → Personal API keys', 'phx_', /phx_[A-Za-z0-9_]{43,48}/),
  infix('maxmind-key', 'MaxMind licence key', 'MAXMIND_LICENSE_KEY', 'MaxMind → Manage licence keys', '_mmk', /[A-Za-z0-9]{6}_[A-Za-z0-9]{29}_mmk/),

  // ------------------------------------------------------------------------------------------ business software
  token('notion', 'Notion integration token', 'NOTION_TOKEN', 'notion.so → My integrations', 'ntn_', /ntn_\d{11}[A-Za-z0-9]{35}/),
  token('notion-legacy', 'Notion integration token', 'NOTION_TOKEN', 'notion.so → My integrations', 'secret_', /secret_[A-Za-z0-9]{43}/, { check: 'notion-legacy' }),
  token('linear', 'Linear API key', 'LINEAR_API_KEY', 'linear.app → Settings → API', 'lin_api_ lin_oauth_', /lin_(?:api|oauth)_[A-Za-z0-9]{40,64}/),
  context('linear-secret', 'Linear client secret', 'LINEAR_CLIENT_SECRET', 'linear.app → Settings → API', 'linear', HEX32, { near: /secret|client|key|token/i }),
  token('airtable', 'Airtable token', 'AIRTABLE_TOKEN', 'airtable.com → Builder hub → Tokens', 'pat', /pat[A-Za-z0-9]{14}\.[a-f0-9]{64}/),
  context('airtable-legacy', 'Airtable API key', 'AIRTABLE_API_KEY', 'airtable.com → Account', 'airtable', /[a-z0-9]{17}/i, { check: 'mixed', near: KEYISH }),
  token('airtable-oauth', 'Airtable OAuth token', 'AIRTABLE_TOKEN', 'airtable.com → Builder hub → OAuth integrations', 'oaa', /oaa[A-Za-z0-9]{14}\.v1\.[A-Za-z0-9_-]{100,1200}/),
  context('asana-personal', 'Asana personal access token', 'ASANA_ACCESS_TOKEN', 'app.asana.com → My apps', 'asana', /\d\/\d{15,18}(?:\/\d{15,18})?:[a-f0-9]{32}/, { bare: true, confidence: 'high' }),
  context('sanity', 'Sanity API token', 'SANITY_API_TOKEN', 'sanity.io/manage → API → Tokens', 'sanity', /sk[A-Za-z0-9]{78,180}/, { bare: true, confidence: 'high', check: 'generated' }),
  token('alchemy', 'Alchemy auth token', 'ALCHEMY_AUTH_TOKEN', 'dashboard.alchemy.com → Auth tokens', 'alcht_', /alcht_[A-Za-z0-9]{30}/),
  token('hubspot', 'HubSpot private app token', 'HUBSPOT_ACCESS_TOKEN', 'HubSpot → Settings → Private apps', 'pat-na pat-eu', new RegExp(`pat-(?:na|eu)\\d-${UUID.source}`, 'i')),
  context('hubspot-legacy', 'HubSpot API key', 'HUBSPOT_API_KEY', 'HubSpot → Settings → Integrations', 'hubspot', UUID, { near: /key|token|secret|api|access/i }),
  token('shopify', 'Shopify token', 'SHOPIFY_ACCESS_TOKEN', 'Shopify admin → Apps → API credentials', 'shpat_ shpca_ shppa_ shpss_', /shp(?:at|ca|pa|ss)_[a-zA-Z0-9]{32,64}/),
  token('figma', 'Figma token', 'FIGMA_TOKEN', 'Figma → Settings → Personal access tokens', 'figd_ figdr_ figo_ figor_ figoh_ figu_ figur_ figuh_', /fig(?:d|dr|o|or|oh|u|ur|uh)_[A-Za-z0-9_-]{20,120}/, { check: 'mixed' }),
  token('atlassian', 'Atlassian API token', 'ATLASSIAN_API_TOKEN', 'id.atlassian.com → Security → API tokens', 'ATATT3 ATCTT3', /AT[AC]TT3[A-Za-z0-9_\-=]{60,260}/),
  context('atlassian-legacy', 'Atlassian API token', 'ATLASSIAN_API_TOKEN', 'id.atlassian.com → Security → API tokens', 'atlassian confluence jira', /[a-z0-9]{24}/i, { near: KEYISH, check: 'generated' }),
  context('asana', 'Asana secret', 'ASANA_ACCESS_TOKEN', 'app.asana.com → My apps', 'asana', /[a-z0-9]{32}/i, { near: KEYISH, check: 'generated' }),
  token('typeform', 'Typeform token', 'TYPEFORM_TOKEN', 'Typeform → Account → Personal tokens', 'tfp_', /tfp_[a-z0-9\-_.=]{40,62}/i),
  token('mapbox-secret', 'Mapbox secret token', 'MAPBOX_SECRET_TOKEN', 'account.mapbox.com → Access tokens', 'sk.eyJ', /sk\.eyJ[A-Za-z0-9_-]{20,300}\.[A-Za-z0-9_-]{20,60}/),
  context('algolia-admin', 'Algolia admin key', 'ALGOLIA_ADMIN_KEY', 'Algolia dashboard → API keys', 'algolia', HEX32, { near: /admin|write|secret|private/i }),
  context('facebook-secret', 'Facebook app secret', 'FACEBOOK_APP_SECRET', 'developers.facebook.com → App settings', 'facebook fb_', /\d{15,16}\|[\w-]{27,40}|[a-f0-9]{32}/i, { near: /secret|token|\|/i }),
  context('facebook-app-token', 'Facebook app access token', 'FACEBOOK_ACCESS_TOKEN', 'developers.facebook.com → App settings', 'facebook', /\d{15,16}(?:\||%7C)[\w-]{27}/, { bare: true, confidence: 'high' }),
  token('facebook-token', 'Facebook access token', 'FACEBOOK_ACCESS_TOKEN', 'developers.facebook.com → Access tokens', 'EAAM EAAC EAAB EAAG', /EAA[MCBG][A-Za-z0-9]{100,300}/),
  context('linkedin', 'LinkedIn client secret', 'LINKEDIN_CLIENT_SECRET', 'linkedin.com/developers → Auth', 'linkedin linked_in linked-in', /WPL_AP1\.[A-Za-z0-9]{16}\.[A-Za-z0-9+/=]{8}|[a-z0-9]{16}/i, { near: /secret/i, check: 'mixed' }),
  context('twitter', 'X (Twitter) secret', 'TWITTER_API_SECRET', 'developer.x.com → Keys and tokens', 'twitter', /A{22}[A-Za-z0-9%]{80,100}|[0-9]{15,25}-[A-Za-z0-9]{20,40}|[a-z0-9]{45,50}|[a-z0-9]{25}/i, { near: KEYISH, check: 'mixed' }),
  context('twitch', 'Twitch secret', 'TWITCH_CLIENT_SECRET', 'dev.twitch.tv → Console', 'twitch', /[a-z0-9]{30}/i, { near: KEYISH, check: 'generated' }),
  context('dropbox', 'Dropbox token', 'DROPBOX_ACCESS_TOKEN', 'dropbox.com/developers → App console', 'dropbox', /sl\.[a-z0-9\-=_]{135,400}|[a-z0-9]{11}AAAAAAAAAA[a-z0-9\-_=]{43}|[a-z0-9]{15}/i, { near: KEYISH, check: 'mixed' }),
  token('dropbox-short', 'Dropbox token', 'DROPBOX_ACCESS_TOKEN', 'dropbox.com/developers → App console', 'sl.', /sl\.(?:u\.)?[A-Za-z0-9_-]{130,1500}/),
  context('zendesk', 'Zendesk secret', 'ZENDESK_SECRET_KEY', 'Zendesk admin → API', 'zendesk', /[a-z0-9]{40}/i, { check: 'generated' }),
  context('trello', 'Trello token', 'TRELLO_TOKEN', 'trello.com/power-ups/admin', 'trello', /ATTA[a-f0-9]{64,80}|[a-f0-9]{64}|[A-Za-z0-9-]{32}/, { near: KEYISH, check: 'generated' }),
  context('rapidapi', 'RapidAPI key', 'RAPIDAPI_KEY', 'rapidapi.com → Apps → Security', 'rapidapi', /[A-Za-z0-9_-]{50}/, { check: 'generated', confidence: 'high' }),
  context('adobe-client-id', 'Adobe credential', 'ADOBE_CLIENT_SECRET', 'Adobe developer console', 'adobe', /p8e-[a-z0-9]{32}|[a-f0-9]{32}/i, { near: KEYISH }),
  token('adobe-client-secret', 'Adobe client secret', 'ADOBE_CLIENT_SECRET', 'Adobe developer console', 'p8e-', /p8e-[a-z0-9]{32}/i),
  token('frameio', 'Frame.io token', 'FRAMEIO_TOKEN', 'developer.frame.io → Tokens', 'fio-u-', /fio-u-[a-z0-9\-_=]{64}/i),
  token('intra42', '42 API secret', 'INTRA42_CLIENT_SECRET', 'profile.intra.42.fr → OAuth applications', 's-s4t2ud- s-s4t2af-', /s-s4t2(?:ud|af)-[a-f0-9]{64}/),
  token('discord-mfa', 'Discord user token', 'DISCORD_TOKEN', 'discord.com/developers', 'mfa.', /mfa\.[\w-]{84}/),
  context('etsy', 'Etsy token', 'ETSY_ACCESS_TOKEN', 'etsy.com/developers', 'etsy', /[a-z0-9]{24}/i, { near: KEYISH, check: 'generated' }),
  context('kraken-kucoin', 'Exchange API key', 'EXCHANGE_API_SECRET', 'your exchange account → API', 'kraken kucoin bittrex coinbase finnhub freshbooks flickr squarespace looker finicity gitter', new RegExp(`[A-Za-z0-9/=_+-]{80,90}|[A-Za-z0-9=_-]{64}|${UUID.source}|[A-Za-z0-9]{40}|[A-Za-z0-9]{32}|[a-f0-9]{24}|[A-Za-z0-9]{20}`), { near: KEYISH, check: 'generated' }),
];

/** Detectors that are not tokens of a provider, for rules, fixes and messages. */
export const OTHER_ROTATIONS: Readonly<Record<string, string>> = {
  'supabase-service-role': 'Supabase dashboard → Project settings → API keys (move to sb_secret_ keys, then disable the legacy keys)',
  'supabase-anon': 'Supabase dashboard → Project settings → API keys',
  'clerk-secret': 'Clerk dashboard → API keys',
  'stripe-test': 'Stripe dashboard → Developers → API keys (test mode)',
  'stripe-webhook': 'Stripe dashboard → Developers → Webhooks → Roll secret',
  'svix-webhook': 'the dashboard of the service that sends the webhook',
  'private-key': 'wherever the public key is registered (generate a new pair, then remove the old one)',
  'gcp-service-account': 'Google Cloud console → IAM → Service accounts → Keys',
  'database-uri': 'your database host → Reset password',
  'signing-key': 'your own deployment: generate one with `openssl rand -base64 32`; everybody has to sign in again',
  'account-password': 'the account itself: change its password',
};

const BY_ID = new Map(PROVIDERS.map((p) => [p.id, p]));

export function providerOf(detector: string): Provider | undefined {
  return BY_ID.get(detector);
}

/** Name of the page where a person replaces this kind of secret. */
export function rotatePage(detector: string): string {
  return OTHER_ROTATIONS[detector] ?? BY_ID.get(detector)?.rotate ?? 'the service that issued it';
}
