package bolt

import (
	"bytes"
	"context"
	"encoding/binary"
	"encoding/json"
	"fmt"

	"fireboss/incidents"
	"fireboss/incidents/store"
)

// The rows of files begin with a letter that says what they are:
//
//	f number seq id 0        how far it has come, JSON
//	f number seq id 1 piece  a piece of its content; 4 bytes big endian
//	w moment number seq id   its content is to be fetched
const (
	fileRows   = 'f'
	fileWanted = 'w'
	fileState  = 0
	filePiece  = 1
)

func filesKey(n incidents.Number, seq uint64) key { return key{fileRows}.event(n, seq) }

func fileKey(f store.File) key { return append(filesKey(f.Incident, f.Seq).name(f.ID), fileState) }

func pieceKey(f store.File, piece int) key {
	k := append(filesKey(f.Incident, f.Seq).name(f.ID), filePiece)
	return binary.BigEndian.AppendUint32(k, uint32(piece))
}

func wantedKey(f store.File) key {
	return append(key{fileWanted}.moment(f.At).event(f.Incident, f.Seq), f.ID...)
}

// want plans that the content of a file is to be fetched.
func (p *plan) want(list []incidents.Event, f incidents.KeptFile) error {
	if f.Event < 0 || f.Event >= len(list) {
		return fmt.Errorf("the file %s belongs to no event of its change", f.File.ID)
	}
	e := list[f.Event]
	p.file(store.File{Incident: e.Incident, Seq: e.Seq, File: f.File, From: f.File.From, At: e.RecordedAt, State: store.FileWanted})
	return nil
}

// file plans a file's row and whether its content is to be fetched.
func (p *plan) file(f store.File) {
	if f.State == store.FileWanted {
		p.put(files, wantedKey(f), none)
	} else {
		f.From = ""
		p.remove(files, wantedKey(f))
	}
	p.putJSON(files, fileKey(f), nil, f)
}

// stored reads a file's row; false where it is not there.
func (r rows) stored(k []byte) (f store.File, ok bool, err error) {
	row := r.get(files, k)
	if row == nil {
		return f, false, nil
	}
	if err := json.Unmarshal(row, &f); err != nil {
		return f, false, r.unreadable("a file", err)
	}
	return f, true, nil
}

// removeFiles plans that the files of an event go.
func (p *plan) removeFiles(n incidents.Number, seq uint64) error {
	var failed error
	p.prefix(files, filesKey(n, seq), func(k, row []byte) bool {
		_, rest := takeName(k[len(filesKey(n, seq)):])
		if rest[0] == fileState {
			var f store.File
			if err := json.Unmarshal(row, &f); err != nil {
				failed = p.unreadable("a file", err)
				return false
			}
			p.remove(files, wantedKey(f))
		}
		p.removeFound(files, k)
		return true
	})
	return failed
}

// there is an error where a file is not, or no more.
func (p *plan) there(f store.File) error {
	_, ok, err := p.stored(fileKey(f))
	if err == nil && !ok {
		err = fmt.Errorf("file %s of %s:%d: %w", f.ID, f.Incident, f.Seq, store.ErrNotFound)
	}
	return err
}

// PutFile stores how far a file has come; see [store.Files].
func (db *DB) PutFile(ctx context.Context, f store.File) error {
	return db.write(ctx, func(p *plan) error {
		was, ok, err := p.stored(fileKey(f))
		if err != nil {
			return err
		}
		if !ok {
			return p.there(f)
		}
		f.At = was.At // it is found by it
		p.file(f)
		return nil
	})
}

// PutPiece stores a piece of a file; see [store.Files].
func (db *DB) PutPiece(ctx context.Context, f store.File, piece int, content []byte) error {
	content = bytes.Clone(content)
	return db.write(ctx, func(p *plan) error {
		if err := p.there(f); err != nil {
			return err
		}
		p.put(files, pieceKey(f, piece), content)
		return nil
	})
}

// WantedFiles lists files to be fetched; see [store.Files].
func (db *DB) WantedFiles(ctx context.Context) (list []store.File, err error) {
	err = db.view(ctx, func(r rows) (failed error) {
		r.prefix(files, []byte{fileWanted}, func(k, _ []byte) bool {
			n, rest := takeNumber(k[1+momentSize:])
			seq, id := takeUint(rest)
			f, ok, err := r.stored(append(filesKey(n, seq).name(string(id)), fileState))
			if err == nil && !ok {
				err = r.unreadable("a file", nil)
			}
			if failed = err; err != nil {
				return false
			}
			list = append(list, f)
			return true
		})
		return failed
	})
	return list, err
}

// FilesOf lists the files of an incident; see [store.Files]. It leaps over their
// content.
func (db *DB) FilesOf(ctx context.Context, n incidents.Number) (list []store.File, err error) {
	err = db.view(ctx, func(r rows) error {
		c, prefix := r.cursor(files), key{fileRows}.number(n)
		for k, _ := c.Seek(prefix); bytes.HasPrefix(k, prefix); {
			f, _, err := r.stored(k)
			if err != nil {
				return err
			}
			list = append(list, f)
			k, _ = c.Seek(append(bytes.Clone(k[:len(k)-1]), filePiece+1))
		}
		return nil
	})
	return list, err
}

// Piece is a piece of a file; see [store.Files].
func (db *DB) Piece(ctx context.Context, f store.File, piece int) (content []byte, err error) {
	err = db.view(ctx, func(r rows) error {
		row := r.get(files, pieceKey(f, piece))
		if row == nil {
			return fmt.Errorf("piece %d of %s: %w", piece, f.ID, store.ErrNotFound)
		}
		content = bytes.Clone(row)
		return nil
	})
	return content, err
}
