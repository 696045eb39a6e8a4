import type { RedactionKind } from './redaction-kind.ts';

/**
 * Tokens whose issuer gave them a beginning of their own. Every repetition is bounded or is followed by
 * nothing that it could give back, so that no text takes longer than a few looks at each character.
 */
export const tokenShapes: readonly (readonly [RedactionKind, RegExp])[] = [
  ['aws-access-key', /\b(?:AKIA|ASIA|ABIA|ACCA)[A-Z2-7]{16}\b/g],
  ['github-token', /\bgh[pousr]_[A-Za-z0-9]{36,255}/g],
  ['github-token', /\bgithub_pat_[A-Za-z0-9_]{22,255}/g],
  ['gitlab-token', /\bgl(?:pat|ptt|dt|rt|cbt|soat|ft|imt|agent|oas)-[\w-]{20,255}/g],
  ['slack-token', /\bx(?:ox[abeoprs]|app)-[A-Za-z0-9-]{10,255}/g],
  ['slack-webhook', /\bhooks\.slack\.com\/(?:services|workflows|triggers)\/[\w/]{20,255}/g],
  ['stripe-key', /\b(?:[sr]k_(?:live|test)|whsec)_[A-Za-z0-9]{16,255}/g],
  ['ai-provider-key', /\bsk-(?:ant|proj|svcacct|admin|or)-[\w-]{20,255}/g],
  ['ai-provider-key', /\bsk-[A-Za-z0-9]{32,255}/g],
  [
    'ai-provider-key',
    /\b(?:hf_[A-Za-z0-9]{30,64}|gsk_[A-Za-z0-9]{40,64}|r8_[A-Za-z0-9]{30,64}|xai-[A-Za-z0-9]{60,100})/g,
  ],
  ['google-key', /\bAIza[\w-]{35}/g],
  ['google-key', /\bya29\.[\w-]{20,512}/g],
  ['google-key', /\bGOCSPX-[\w-]{20,64}/g],
  ['npm-token', /\bnpm_[A-Za-z0-9]{36,64}/g],
  ['pypi-token', /\bpypi-AgE[\w-]{50,512}/g],
  [
    'hosting-token',
    /\b(?:do[opr]_v1_[a-f0-9]{64}|dapi[a-f0-9]{32}|shp(?:at|ca|pa|ss)_[a-fA-F0-9]{32}|hv[bs]\.[\w-]{24,255}|lin_api_[A-Za-z0-9]{32,64}|dckr_pat_[\w-]{20,64}|sntrys_[\w+/=]{40,512}|vercel_[\w]{24,64}|AGE-SECRET-KEY-1[A-Z0-9]{58})/g,
  ],
  ['mail-service-key', /\b(?:SG\.[\w-]{16,64}\.[\w-]{16,64}|key-[a-f0-9]{32}\b|xkeysib-[a-f0-9]{64})/g],
  ['bot-token', /\b\d{8,10}:AA[\w-]{33}/g],
  ['json-web-token', /(?<![\w-])eyJ[\w-]{8,4096}\.eyJ[\w-]{8,16384}\.[\w-]{8,4096}/g],
];
