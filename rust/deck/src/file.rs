//! A path to an open deck, and bytes to a path.
//!
//! Decks are mapped, not read: they open in microseconds and processes share their pages. A map
//! shows what the file becomes, so decks must be replaced by renaming, never rewritten in place;
//! `save` does just that.

use memmap2::Mmap;
use std::fs::File;
use std::io::{self, Write};
use std::path::Path;

/// Map a file.
pub fn map(path: &Path) -> io::Result<Mmap> {
    let file = File::open(path)?;
    if file.metadata()?.is_dir() {
        return Err(io::Error::from(io::ErrorKind::IsADirectory));
    }
    // SAFETY: the map is only read, as plain bytes, and every value in them is checked when used.
    // That nobody truncates or rewrites the file meanwhile is asked of the user: see above.
    unsafe { Mmap::map(&file) }
}

/// Write a file so that at any moment the path holds the old bytes or the new ones, never a part.
///
/// The bytes go to a new file in the same folder, which is flushed to disk and renamed; then the
/// folder is flushed. On any error the new file is removed and the old one stands.
pub fn save(path: &Path, bytes: &[u8]) -> io::Result<()> {
    let folder = match path.parent() {
        Some(folder) if !folder.as_os_str().is_empty() => folder,
        _ => Path::new("."),
    };
    let mut file = tempfile::Builder::new().prefix(".deck-").tempfile_in(folder)?;
    file.write_all(bytes)?;
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        // Readable by all, as a file written in the ordinary way would be under the usual mask.
        file.as_file().set_permissions(std::fs::Permissions::from_mode(0o644))?;
    }
    file.as_file().sync_all()?;
    file.persist(path).map_err(|failed| failed.error)?;
    #[cfg(unix)]
    File::open(folder)?.sync_all()?;
    Ok(())
}
