import alerts from '../alerts/routes.ts';
import smsStatus from '../alerts/status-route.ts';
import audit from '../audit/routes.ts';
import apiKeys from '../auth/api-key-routes.ts';
import session from '../auth/session-routes.ts';
import { CONTRACT_PARTS } from '../availability/contracts/schemas.ts';
import { FIGURE_PARTS } from '../availability/figures/schemas.ts';
import { availability } from '../availability/index.ts';
import commands from '../commands/routes.ts';
import documents from '../documents/routes.ts';
import { duties } from '../duties/index.ts';
import agentFiles from '../enrolment/agent-routes.ts';
import enrolment from '../enrolment/routes.ts';
import evidence from '../evidence/routes.ts';
import exclusionFiles from '../exclusions/file-routes.ts';
import exclusions from '../exclusions/routes.ts';
import faults from '../faults/routes.ts';
import faultRules from '../faults/rules-routes.ts';
import { inspections } from '../inspections/index.ts';
import { workOrders } from '../orders/index.ts';
import orgs from '../orgs/routes.ts';
import overview from '../overview/routes.ts';
import stationPages from '../public/routes.ts';
import quarantine from '../quarantine/routes.ts';
import { registry } from '../registry/index.ts';
import repairTerms from '../repair/routes.ts';
import { repairLedger } from '../repair-ledger/index.ts';
import reports from '../reports/routes.ts';
import { settlement } from '../settlement/index.ts';
import setup from '../setup/routes.ts';
import { stock } from '../stock/index.ts';
import suspensions from '../suspensions/routes.ts';
import telemetry from '../telemetry/routes.ts';
import users from '../users/routes.ts';
import openApiDocument from './openapi-route.ts';

/** Every capability of the API, in the order of registration. A new one adds its line here. */
export const capabilities = [
  openApiDocument,
  setup,
  session,
  apiKeys,
  users,
  orgs,
  audit,
  quarantine,
  enrolment,
  agentFiles,
  commands,
  alerts,
  smsStatus,
  ...registry,
  overview,
  telemetry,
  ...availability,
  evidence,
  documents,
  reports,
  exclusions,
  exclusionFiles,
  suspensions,
  ...duties,
  ...repairLedger,
  repairTerms,
  ...workOrders,
  ...stock,
  ...inspections,
  ...settlement,
  faults,
  faultRules,
  stationPages,
];

/** Parts of answers that the API document tells once, see `component` of the schemas. */
export const components = [...CONTRACT_PARTS, ...FIGURE_PARTS];
