package main

import (
	"crypto/rand"
	"fmt"
	"io"
	"log"
	"math"
	"net/http"
	"os"
	"sort"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"time"
)

var counter atomic.Int64

func count(w http.ResponseWriter, _ *http.Request) {
	fmt.Fprintln(w, counter.Add(1))
}

func now(w http.ResponseWriter, _ *http.Request) {
	fmt.Fprintln(w, time.Now().UTC().Format(time.RFC3339Nano))
}

func uuid(w http.ResponseWriter, _ *http.Request) {
	var b [16]byte
	if _, err := rand.Read(b[:]); err != nil {
		http.Error(w, err.Error(), http.StatusInternalServerError)
		return
	}
	b[6] = b[6]&0x0f | 0x40
	b[8] = b[8]&0x3f | 0x80
	fmt.Fprintf(w, "%x-%x-%x-%x-%x\n", b[:4], b[4:6], b[6:8], b[8:10], b[10:])
}

func env(w http.ResponseWriter, _ *http.Request) {
	lines := os.Environ()
	sort.Strings(lines)
	fmt.Fprintln(w, strings.Join(lines, "\n"))
}

// echo sends every piece of the body back before it reads the next.
func echo(w http.ResponseWriter, r *http.Request) {
	if contentType := r.Header.Get("Content-Type"); contentType != "" {
		w.Header().Set("Content-Type", contentType)
	}
	// Go's server reads ahead and drops the rest of an HTTP/1 body once the answer begins, unless the connection ends with it.
	w.Header().Set("Connection", "close")
	buffer := make([]byte, 32<<10)
	for {
		n, err := r.Body.Read(buffer)
		if n > 0 {
			if _, failed := w.Write(buffer[:n]); failed != nil {
				return
			}
			w.(http.Flusher).Flush()
		}
		if err == io.EOF {
			return
		}
		if err != nil {
			// So that the client does not take half a body for a whole one.
			panic(http.ErrAbortHandler)
		}
	}
}

func slow(w http.ResponseWriter, r *http.Request) {
	ms, ok := number(w, r, "ms", 1000, math.MaxInt32)
	if ok && pause(r, ms) {
		fmt.Fprintf(w, "waited %d ms\n", ms)
	}
}

func stream(w http.ResponseWriter, r *http.Request) {
	n, ok := number(w, r, "n", 10, math.MaxInt32)
	if !ok {
		return
	}
	ms, ok := number(w, r, "ms", 100, math.MaxInt32)
	if !ok {
		return
	}
	for i := 1; i <= n; i++ {
		fmt.Fprintf(w, "chunk %d of %d\n", i, n)
		w.(http.Flusher).Flush()
		if i < n && !pause(r, ms) {
			return
		}
	}
}

func logLine(w http.ResponseWriter, r *http.Request) {
	log.Print(r.URL.Query().Get("line"))
	fmt.Fprintln(w, "logged")
}

var (
	held     [][]byte
	heldLock sync.Mutex
)

// memory takes memory for good, and touches every page, so that it is really used.
func memory(w http.ResponseWriter, r *http.Request) {
	mb, ok := number(w, r, "mb", 0, 1<<20)
	if !ok {
		return
	}
	heldLock.Lock()
	defer heldLock.Unlock()
	for i := 0; i < mb; i++ {
		block := make([]byte, 1<<20)
		for page := 0; page < len(block); page += os.Getpagesize() {
			block[page] = 1
		}
		held = append(held, block)
	}
	fmt.Fprintf(w, "holding %d MiB\n", len(held))
}

// file reads a file, after it has written the request's body to it when that is a POST. There are files that answer what is written.
func file(w http.ResponseWriter, r *http.Request) {
	flags := os.O_RDONLY
	if r.Method == http.MethodPost {
		flags = os.O_RDWR
	}
	opened, err := os.OpenFile(r.URL.Query().Get("path"), flags, 0)
	if err != nil {
		http.Error(w, err.Error(), http.StatusBadRequest)
		return
	}
	defer opened.Close()
	if flags == os.O_RDWR {
		if _, err := io.Copy(opened, r.Body); err != nil {
			http.Error(w, err.Error(), http.StatusInternalServerError)
			return
		}
	}
	content, err := io.ReadAll(opened)
	if err != nil {
		http.Error(w, err.Error(), http.StatusInternalServerError)
		return
	}
	w.Write(content)
}

// exit ends the process without draining; the answer is out before.
func exit(w http.ResponseWriter, r *http.Request) {
	code, ok := number(w, r, "code", 0, 255)
	if !ok {
		return
	}
	answer := fmt.Sprintf("exiting with %d\n", code)
	w.Header().Set("Content-Length", strconv.Itoa(len(answer)))
	w.Header().Set("Connection", "close")
	io.WriteString(w, answer)
	w.(http.Flusher).Flush()
	os.Exit(code)
}

// pause says false when the client went away meanwhile.
func pause(r *http.Request, ms int) bool {
	select {
	case <-time.After(time.Duration(ms) * time.Millisecond):
		return true
	case <-r.Context().Done():
		return false
	}
}

// number reads a query parameter between 0 and most; when it cannot, it has answered already.
func number(w http.ResponseWriter, r *http.Request, name string, otherwise, most int) (int, bool) {
	text := r.URL.Query().Get(name)
	if text == "" {
		return otherwise, true
	}
	value, err := strconv.Atoi(text)
	if err != nil || value < 0 || value > most {
		http.Error(w, fmt.Sprintf("%s must be a whole number from 0 to %d, not %q", name, most, text), http.StatusBadRequest)
		return 0, false
	}
	return value, true
}
