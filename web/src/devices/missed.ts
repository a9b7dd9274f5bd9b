/** Whether somebody misses a device while it is silent: one in service, not a spare, one in repair or a retired one. */
export function isMissed(device: { readonly lifecycle: string }): boolean {
  return device.lifecycle === 'in_service';
}
