const files = import.meta.glob<Record<string, unknown>>('./*.json', { eager: true, import: 'default' });

/** `./devices.json` becomes the key `devices`. */
export default Object.fromEntries(Object.entries(files).map(([path, messages]) => [path.slice(2, -5), messages]));
