package main

import (
	"bufio"
	"crypto/sha1"
	"encoding/base64"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strings"
)

const (
	opClose = 8
	opPing  = 9
	opPong  = 10

	closeProtocolError = 1002
)

var errProtocol = errors.New("protocol error")

// webSocket echoes frames (RFC 6455) as they come: a message in three pieces goes back in the same three pieces.
func webSocket(w http.ResponseWriter, r *http.Request) {
	key := r.Header.Get("Sec-WebSocket-Key")
	if !strings.EqualFold(r.Header.Get("Upgrade"), "websocket") || key == "" || r.Header.Get("Sec-WebSocket-Version") != "13" {
		w.Header().Set("Upgrade", "websocket")
		w.Header().Set("Sec-WebSocket-Version", "13")
		http.Error(w, "this is a WebSocket endpoint", http.StatusUpgradeRequired)
		return
	}
	connection, stream, err := w.(http.Hijacker).Hijack()
	if err != nil {
		http.Error(w, err.Error(), http.StatusInternalServerError)
		return
	}
	defer connection.Close()
	digest := sha1.Sum([]byte(key + "258EAFA5-E914-47DA-95CA-C5AB0DC85B11"))
	fmt.Fprintf(stream, "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: %s\r\n\r\n",
		base64.StdEncoding.EncodeToString(digest[:]))
	for stream.Flush() == nil {
		if err := echoFrame(stream); err == errProtocol {
			stream.Write(binary.BigEndian.AppendUint16([]byte{0x80 | opClose, 2}, closeProtocolError))
			stream.Flush()
			return
		} else if err != nil {
			// After a close frame was echoed this writes it out; otherwise the peer is gone and nobody minds.
			stream.Flush()
			return
		}
	}
}

// echoFrame answers one frame; io.EOF after a close frame.
func echoFrame(stream *bufio.ReadWriter) error {
	var head [2]byte
	if _, err := io.ReadFull(stream, head[:]); err != nil {
		return err
	}
	operation := head[0] & 0x0f
	masked, size := head[1]&0x80 != 0, uint64(head[1]&0x7f)
	control := operation >= opClose
	// A client must mask; nobody has agreed on an extension; a control frame is short and whole.
	if !masked || head[0]&0x70 != 0 || (control && (size > 125 || head[0]&0x80 == 0)) || (operation > 2 && operation < opClose) || operation > opPong {
		return errProtocol
	}
	var length []byte
	switch size {
	case 126:
		length = make([]byte, 2)
	case 127:
		length = make([]byte, 8)
	}
	if _, err := io.ReadFull(stream, length); err != nil {
		return err
	}
	switch len(length) {
	case 2:
		size = uint64(binary.BigEndian.Uint16(length))
	case 8:
		size = binary.BigEndian.Uint64(length)
	}
	var mask [4]byte
	if _, err := io.ReadFull(stream, mask[:]); err != nil {
		return err
	}
	if operation == opPong {
		return unmask(io.Discard, stream, size, mask)
	}
	if operation == opPing {
		head[0] = 0x80 | opPong
	}
	stream.Write([]byte{head[0], head[1] & 0x7f})
	stream.Write(length)
	if err := unmask(stream, stream, size, mask); err != nil {
		return err
	}
	if operation == opClose {
		return io.EOF
	}
	return nil
}

// unmask copies a payload of any size without holding it whole.
func unmask(to io.Writer, from io.Reader, size uint64, mask [4]byte) error {
	buffer := make([]byte, 4096)
	for size > 0 {
		piece := buffer
		if size < uint64(len(piece)) {
			piece = piece[:size]
		}
		if _, err := io.ReadFull(from, piece); err != nil {
			return err
		}
		// The buffer is a multiple of the mask, so every piece begins where the mask does.
		for i := range piece {
			piece[i] ^= mask[i&3]
		}
		if _, err := to.Write(piece); err != nil {
			return err
		}
		size -= uint64(len(piece))
	}
	return nil
}
