import devices from './devices/routes.ts';
import imports from './import/routes.ts';
import installations from './installations/routes.ts';
import models from './models/routes.ts';
import regions from './regions/routes.ts';
import sims from './sims/routes.ts';
import sites from './sites/routes.ts';
import stations from './stations/routes.ts';

/** The registry's capabilities: what exists, where it stands, and how it is found. */
export const registry = [regions, sites, stations, models, devices, sims, installations, imports];
