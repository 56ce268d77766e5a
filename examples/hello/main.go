// hello is a small HTTP server with something to try for everything a platform does to an application: wake it, stop it,
// stream through it, starve it, kill it.
package main

import (
	"context"
	"errors"
	"fmt"
	"log"
	"net"
	"net/http"
	"os"
	"os/signal"
	"sync/atomic"
	"syscall"
	"time"
)

const drainTimeout = 10 * time.Second

var served atomic.Int64

func main() {
	log.SetFlags(0)
	log.SetOutput(os.Stdout)
	stopping, stop := signal.NotifyContext(context.Background(), syscall.SIGTERM, syscall.SIGINT)
	defer stop()

	listener, err := net.Listen("tcp", ":"+setting("PORT", "8080"))
	if err != nil {
		log.Fatal(err)
	}
	log.Printf("listening on %s", listener.Addr())
	server := &http.Server{Handler: counted(routes())}
	failed := make(chan error, 1)
	go func() { failed <- server.Serve(listener) }()

	select {
	case err := <-failed:
		log.Fatal(err)
	case <-stopping.Done():
	}

	// A second signal ends it at once.
	stop()
	log.Print("draining")
	deadline, cancel := context.WithTimeout(context.Background(), drainTimeout)
	defer cancel()
	if err := server.Shutdown(deadline); errors.Is(err, context.DeadlineExceeded) {
		log.Fatalf("requests still open after %s", drainTimeout)
	}
}

func routes() *http.ServeMux {
	mux := http.NewServeMux()
	mux.HandleFunc("/", greet)
	mux.HandleFunc("/count", count)
	mux.HandleFunc("/time", now)
	mux.HandleFunc("/uuid", uuid)
	mux.HandleFunc("/env", env)
	mux.HandleFunc("/echo", echo)
	mux.HandleFunc("/ws", webSocket)
	mux.HandleFunc("/slow", slow)
	mux.HandleFunc("/stream", stream)
	mux.HandleFunc("/log", logLine)
	mux.HandleFunc("/memory", memory)
	mux.HandleFunc("/file", file)
	mux.HandleFunc("/exit", exit)
	return mux
}

func counted(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		served.Add(1)
		next.ServeHTTP(w, r)
	})
}

func setting(name, otherwise string) string {
	if value := os.Getenv(name); value != "" {
		return value
	}
	return otherwise
}

func greet(w http.ResponseWriter, r *http.Request) {
	if r.URL.Path != "/" {
		http.NotFound(w, r)
		return
	}
	host, _ := os.Hostname()
	fmt.Fprintf(w, "%s. This is %s, up for %s; you are request %d.\n",
		setting("GREETING", "Hello"), host, uptime(), served.Load())
}

// uptime is how long the kernel has been up, which in a microVM of its own is how long the instance has.
func uptime() time.Duration {
	var seconds float64
	if text, err := os.ReadFile("/proc/uptime"); err == nil {
		fmt.Sscan(string(text), &seconds)
	}
	return time.Duration(seconds * float64(time.Second)).Round(10 * time.Millisecond)
}
