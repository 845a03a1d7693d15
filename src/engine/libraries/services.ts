/** What costs money or reaches outside: mail, AI, payments, files, processes, other servers. */
import type { SinkKind } from '../core/model';
import { BILLING_PORTAL, HOSTED_CHECKOUT } from '../core/sinks';
import type { CallPattern, Meaning } from './meaning';

const sink = (kind: SinkKind, op: string): Meaning => ({ is: 'sink', sink: kind, op, target: 'none' });

const FS = ['fs', 'fs/promises', 'fs-extra', 'graceful-fs'];
const LLM = ['openai', 'openai/*', '@anthropic-ai/sdk', '@google/generative-ai', '@google/genai', 'groq-sdk', '@mistralai/mistralai', 'replicate', 'cohere-ai', 'ai', '@langchain/*', 'langchain/*', 'genkit', 'together-ai', '@huggingface/inference', 'ollama'];

export const SERVICE_PATTERNS: readonly CallPattern[] = [
  { pkg: ['nodemailer', 'nodemailer/*'], last: ['sendMail'], means: sink('mail', 'sendMail') },
  { pkg: ['resend', 'resend/*'], last: ['send', 'create'], means: sink('mail', 'emails.send') },
  { pkg: ['@sendgrid/mail'], last: ['send', 'sendMultiple'], means: sink('mail', 'send') },
  { pkg: ['postmark'], last: ['sendEmail', 'sendEmailWithTemplate'], means: sink('mail', 'sendEmail') },
  { pkg: ['mailgun.js', 'mailgun-js'], last: ['create', 'send'], means: sink('mail', 'messages.create') },
  { pkg: ['twilio', 'twilio/*'], last: ['create'], shape: /(messages|calls|verifications)\.create$/, means: sink('mail', 'sms') },
  { pkg: ['plivo', 'messagebird'], last: ['create'], shape: /(messages|calls|verify)\.create$/, means: sink('mail', 'sms') },
  { pkg: ['africastalking', '@vonage/server-sdk', '@vonage/sms', '@vonage/messages', 'nexmo', '@infobip-api/sdk', 'clickatell-platform', 'msg91', 'telnyx', 'sinch-rtc'], last: ['send', 'sendSms', 'sendPremium', 'create'], means: sink('mail', 'sms') },
  { pkg: ['telegraf', 'telegraf/*', 'node-telegram-bot-api', 'grammy', '@whiskeysockets/baileys', 'whatsapp-web.js'], last: ['sendMessage', 'sendPhoto', 'sendDocument'], means: sink('mail', 'chat') },
  { pkg: ['@slack/web-api'], last: ['postMessage'], means: sink('mail', 'chat') },
  { pkg: ['web-push', 'web-push/*'], last: ['sendNotification'], means: sink('mail', 'sendNotification') },
  { pkg: ['expo-server-sdk'], last: ['sendPushNotificationsAsync'], means: sink('mail', 'sendPushNotificationsAsync') },
  { pkg: ['firebase-admin', 'firebase-admin/*'], last: ['send', 'sendEach', 'sendEachForMulticast', 'sendMulticast', 'sendToTopic'], shape: /essaging\(\)\.\w+$/, means: sink('mail', 'messaging.send') },
  { pkg: [], last: ['sendMail', 'sendEmail'], shape: /(transporter|mailer|mail|resend|ses)\w*\.send(Mail|Email)$/i, means: sink('mail', 'sendMail') },
  { pkg: LLM, last: ['create', 'generateContent', 'generateContentStream', 'generateText', 'streamText', 'generateObject', 'streamObject', 'invoke', 'stream', 'run', 'generate', 'chat', 'textGeneration', 'embed', 'parse'], means: sink('llm', 'generate') },
  { pkg: ['stripe', 'stripe/*'], last: ['create'], shape: /billingPortal\.sessions\.create$/, means: sink('payment', BILLING_PORTAL) },
  { pkg: ['stripe', 'stripe/*'], last: ['create'], shape: /checkout\.sessions\.create$/, means: sink('payment', HOSTED_CHECKOUT) },
  { pkg: ['stripe', 'stripe/*', 'razorpay', '@paddle/paddle-node-sdk', '@polar-sh/sdk', 'braintree', 'square', '@lemonsqueezy/lemonsqueezy.js', 'mollie-api-node', '@mollie/api-client'], last: ['create', 'update', 'cancel', 'del', 'capture', 'confirm', 'createCheckout', 'refund', 'createRefund'], means: sink('payment', 'create') },
  { pkg: FS, last: ['readFile', 'readFileSync', 'writeFile', 'writeFileSync', 'appendFile', 'appendFileSync', 'unlink', 'unlinkSync', 'createReadStream', 'createWriteStream', 'readdir', 'readdirSync', 'rm', 'rmSync', 'rename', 'renameSync', 'mkdir', 'mkdirSync', 'stat', 'copyFile', 'readJson', 'outputFile', 'remove'], means: sink('file', 'fs') },
  { pkg: ['child_process'], last: ['exec', 'execSync', 'spawn', 'spawnSync', 'execFile', 'execFileSync', 'fork'], means: sink('exec', 'exec') },
  { pkg: ['global'], last: ['eval', 'Function'], means: sink('exec', 'eval') },
  { pkg: ['global'], last: ['fetch'], shape: /^fetch$/, means: sink('url', 'fetch') },
  { pkg: ['axios', 'got', 'node-fetch', 'undici', 'ky', 'superagent', 'needle', 'request'], last: ['', 'get', 'post', 'put', 'delete', 'request', 'fetch', 'patch'], means: sink('url', 'request') },
  { pkg: ['cloudinary', 'cloudinary/*'], last: ['upload', 'destroy', 'upload_stream'], means: sink('storage', 'upload') },
  { pkg: ['@aws-sdk/client-s3', '@aws-sdk/*', 'aws-sdk'], last: ['send', 'putObject', 'deleteObject', 'upload', 'getSignedUrl', 'getObject'], means: sink('storage', 's3') },
  { pkg: ['@vercel/blob'], last: ['put', 'del', 'list'], means: sink('storage', 'blob') },
  // Wrappers that change nothing about who may call.
  { pkg: ['express-async-handler', 'express-async-errors', 'async-middleware', 'express-async-wrap'], last: ['', 'default', 'asyncHandler', 'wrap'], means: { is: 'wrapper' } },
  { pkg: ['react', 'next/cache', 'next/*'], last: ['cache', 'unstable_cache'], means: { is: 'wrapper' } },
  { pkg: ['@sentry/*', '@sentry/nextjs', '@axiomhq/*', 'next-axiom', '@logtail/next', 'micro-cors', 'nextjs-cors'], last: ['wrapApiHandlerWithSentry', 'withSentry', 'wrapRouteHandlerWithSentry', 'withServerActionInstrumentation', 'withAxiom', 'withLogtail', 'withBetterStack', 'default', '()'], means: { is: 'wrapper' } },
  // Rate limiters.
  { pkg: ['express-rate-limit', 'rate-limiter-flexible', 'express-slow-down', '@upstash/ratelimit', '@arcjet/next', '@arcjet/node', 'express-brute'], last: ['', 'rateLimit', 'default', 'limit', 'consume', 'protect', 'slowDown', 'prevent'], means: { is: 'limiter' } },
];

/** What a request to a fixed address of a known service does, unless it only reads; the first that fits. */
export const SERVICE_ADDRESSES: readonly { readonly address: RegExp; readonly sink: SinkKind; readonly op: string }[] = [
  { address: /\/\/api\.(resend|sendgrid|postmarkapp|mailgun|eu\.mailgun|sparkpost|mailersend|mailjet|zeptomail|elasticemail|smtp2go)\.|\/\/api\.(brevo|sendinblue)\.com\/v3\/smtp|\/\/mandrillapp\.com\/|\/\/api\.emailjs\.com\//, sink: 'mail', op: 'fetch' },
  { address: /\/\/(api|verify|conversations)\.twilio\.com|\/\/(rest|api)\.nexmo\.com|\/\/(api|messages-sandbox)\.(vonage|nexmo)\.com|\/\/(rest|conversations)\.messagebird\.com|\/\/api(\.sandbox)?\.africastalking\.com|\/\/[\w.]*\.?infobip\.com|\/\/platform\.clickatell\.com|\/\/(api|control)\.msg91\.com|\/\/(api|v3\.api)\.(ng\.)?termii\.com|\/\/api\.plivo\.com|\/\/api\.telnyx\.com\/v2\/messages|\/\/[\w.]*sms\.api\.sinch\.com|\/\/api\.(brevo|sendinblue)\.com\/v3\/transactionalSMS|\/\/www\.fast2sms\.com|\/\/api\.textlocal\.(in|com)|\/\/rest\.clicksend\.com|\/\/textbelt\.com|\/\/api\.netgsm\.com\.tr|\/\/smsapi\.|\/\/api\.smsapi\./, sink: 'mail', op: 'sms' },
  { address: /\/\/graph\.facebook\.com\/.*messages|\/\/waba(-v2)?\.360dialog\.io|\/\/api\.ultramsg\.com|\/\/api\.telegram\.org\/bot(?!.*\/(get|set|delete|answer|close|log)\w*$)|\/\/slack\.com\/api\/chat\.|\/\/hooks\.slack\.com\/|\/\/discord(app)?\.com\/api\/webhooks|\/\/api\.line\.me\/v2\/bot\/message/, sink: 'mail', op: 'chat' },
  { address: /\/\/(exp\.host\/--\/api\/v2\/push|fcm\.googleapis\.com|(api\.)?onesignal\.com\/(api\/v1\/)?notifications)/, sink: 'mail', op: 'push' },
  // A neighbouring edge function whose name says that it sends.
  { address: /\/functions\/v1\/[\w-]*sms/, sink: 'mail', op: 'sms' },
  { address: /\/functions\/v1\/[\w-]*(e?mail|push|whatsapp|telegram|notification)/, sink: 'mail', op: 'fetch' },
  // Listing models costs nothing; what is posted does.
  { address: /\/\/(api\.(openai|anthropic|groq|mistral|x|perplexity|together|deepseek)\.|generativelanguage\.googleapis|openrouter\.ai|ai\.gateway\.lovable\.dev)/, sink: 'llm', op: 'fetch' },
  { address: /\/\/api\.stripe\.com\/v1\/billing_portal\//, sink: 'payment', op: BILLING_PORTAL },
  { address: /\/\/api\.stripe\.com\/v1\/checkout\//, sink: 'payment', op: HOSTED_CHECKOUT },
  { address: /\/\/api\.(stripe|razorpay|paypal|mollie|square|paddle)\./, sink: 'payment', op: 'fetch' },
];
