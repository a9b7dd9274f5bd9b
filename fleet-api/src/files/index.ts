export { attachment, IMAGE_TYPES, MEDIA_TYPES, type MediaType, mediaTypeOf, safeName } from './kind.ts';
export { FileContent, FileRow, sendFile } from './schemas.ts';
export { listFiles, type NewFile, readFile, type StoredFile, sha256, storeFile } from './store.ts';
export { answering, MAX_FILE_BYTES, readUpload, type Upload } from './upload.ts';
