// Files on their way to the workspace.
import { notice } from "./notice.js";

const largest = 5 * 1024 * 1024; // bytes of one file; what people attach is kept whole in the workspace's memory

// readFiles turns chosen files into what /sim/message takes: [{name, mimetype, base64}], and its size.
export async function readFiles(list, most = 10) {
  const found = [];
  for (const file of [...list].slice(0, most)) {
    if (file.size > largest) {
      notice(`${file.name} is larger than 5 MB and was left out.`);
      continue;
    }
    found.push({ name: file.name, mimetype: file.type || "application/octet-stream", base64: await base64(file), size: file.size });
  }
  return found;
}

function base64(file) {
  return new Promise((resolve, reject) => {
    const reader = new FileReader();
    reader.onload = () => resolve(String(reader.result).replace(/^data:[^,]*,/, ""));
    reader.onerror = () => reject(reader.error);
    reader.readAsDataURL(file);
  });
}

// sizeText is a number of bytes for people.
export function sizeText(bytes) {
  if (!Number.isFinite(bytes)) return "";
  if (bytes < 1024) return `${bytes} B`;
  return bytes < 1024 * 1024 ? `${Math.round(bytes / 1024)} KB` : `${(bytes / 1024 / 1024).toFixed(1)} MB`;
}
