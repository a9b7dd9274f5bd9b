import {
  Bell,
  Box,
  Calendar,
  Connection,
  DataAnalysis,
  Document,
  DocumentChecked,
  Files,
  Finished,
  House,
  Key,
  List,
  Memo,
  Money,
  Monitor,
  Notebook,
  OfficeBuilding,
  Operation,
  Reading,
  Scissor,
  Share,
  Suitcase,
  Tickets,
  TrendCharts,
  Upload,
  User,
  Warning,
  WarningFilled,
} from '@element-plus/icons-vue';
import type { Component } from 'vue';
import type { Action } from './session.ts';

export interface NavItem {
  /** Name of the route. An item is shown once its route is registered and the user holds the action. */
  readonly route: string;
  /** Key under `nav.`. */
  readonly label: string;
  readonly icon: Component;
  readonly action?: Action;
  /** Stands in the bar at the bottom of a phone. At most four do; the rest is under "more". */
  readonly phone?: true;
}

export interface NavGroup {
  /** Key under `nav.group.`; the first group has no head. */
  readonly label?: string;
  readonly items: readonly NavItem[];
}

/** Side navigation, in the order of the day: what is wrong, the fleet, the work, the house. */
export const NAVIGATION: readonly NavGroup[] = [
  {
    items: [
      { route: 'overview', label: 'overview', icon: House, phone: true },
      { route: 'incidents', label: 'incidents', icon: WarningFilled, phone: true },
      { route: 'availability', label: 'availability', icon: TrendCharts },
      { route: 'exclusions', label: 'exclusions', icon: Scissor },
      { route: 'evidence', label: 'evidence', icon: DocumentChecked, action: 'evidence.export' },
    ],
  },
  {
    label: 'repair',
    items: [
      { route: 'faults', label: 'faults', icon: Warning, action: 'repair.read' },
      { route: 'orders', label: 'orders', icon: List, action: 'repair.read' },
      { route: 'orders-mine', label: 'ordersMine', icon: Suitcase, action: 'order.work' },
      { route: 'inspections', label: 'inspections', icon: Calendar, action: 'repair.read' },
      { route: 'stock', label: 'stock', icon: Files, action: 'stock.read' },
    ],
  },
  {
    label: 'settle',
    items: [
      { route: 'money-at-risk', label: 'money', icon: Money, action: 'settlement.read' },
      { route: 'statements', label: 'statements', icon: Memo, action: 'settlement.read' },
      { route: 'contracts', label: 'contracts', icon: Tickets },
      { route: 'duties', label: 'duties', icon: Finished, action: 'availability.read' },
      { route: 'ledger', label: 'ledger', icon: Notebook, action: 'repair.read' },
      { route: 'reports', label: 'reports', icon: Reading },
    ],
  },
  {
    label: 'fleet',
    items: [
      { route: 'devices', label: 'devices', icon: Monitor, phone: true },
      { route: 'sites', label: 'sites', icon: OfficeBuilding, phone: true },
      { route: 'regions', label: 'regions', icon: Share },
    ],
  },
  {
    label: 'work',
    items: [
      { route: 'commands', label: 'commands', icon: Operation },
      { route: 'enrolment', label: 'enrolment', icon: Key, action: 'enrolment.read' },
      { route: 'import', label: 'import', icon: Upload, action: 'registry.import' },
    ],
  },
  {
    label: 'house',
    items: [
      { route: 'oncall', label: 'oncall', icon: Bell, action: 'oncall.read' },
      { route: 'users', label: 'users', icon: User, action: 'user.read' },
      { route: 'orgs', label: 'orgs', icon: Box, action: 'org.write' },
      { route: 'quarantine', label: 'quarantine', icon: Connection, action: 'quarantine.read' },
      { route: 'audit', label: 'audit', icon: Document, action: 'audit.read' },
      { route: 'platform', label: 'platform', icon: DataAnalysis, action: 'platform.read' },
    ],
  },
];
