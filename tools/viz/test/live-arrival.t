#!/usr/bin/env perl
# regionviz live on a recording that arrives through a named pipe or a socket: it waits for no writer, shows what has
# arrived, and goes on when more does, even from the middle of a frame.
use strict;
use warnings;
use utf8;
use open qw(:std :encoding(UTF-8));
use File::Temp qw(tempdir);
use IO::Socket::UNIX;
use POSIX qw(mkfifo);
use Test::More;
use lib 'tools/viz/test';
use Terminal;

plan skip_all => 'tmux is not installed' if system('command -v tmux > /dev/null');

my $build = $ENV{BUILD} // 'build';
my $make = $ENV{MAKE} // 'make';
my $folder = tempdir(CLEANUP => 1);
system("$make --no-print-directory BUILD=$build $build/host/run_script $build/regionviz > $folder/make.log 2>&1") == 0
        or BAIL_OUT("cannot build: see `make $build/host/run_script'");
system("$build/host/run_script kernel/user/workloads/teaching.ops -o $folder/teaching.rtrace > /dev/null") == 0 or BAIL_OUT('run_script failed');
my $bytes = do { open my $file, '<:raw', "$folder/teaching.rtrace" or die; local $/; <$file> };
my ($events) = `$build/regiontrace dump $folder/teaching.rtrace | tail -1` =~ /^\s*([\d,]+)/;
my $half = int(length($bytes) / 2) + 3;

sub live { return Terminal->new(columns => 100, rows => 30, command => "$build/regionviz live $_[0]") }

# Sends the first half, which ends within a frame; then the rest.
sub arrives {
        my ($what, $path, $open) = @_;
        my $terminal = live($path);
        $terminal->shows(qr/waits for the beginning of \Q$path\E/, "$what: it says that it waits") if $what =~ /pipe/;
        my $writer = $open->();
        syswrite $writer, substr($bytes, 0, $half);
        $terminal->shows(qr/PAST \((?:arrives: |nothing for \d+ s)/, "$what: the first half is shown");
        $terminal->type('Right', 'Right');
        $terminal->shows(qr/event \d+ of/, "$what: and can be walked through");
        $terminal->shows(qr/nothing for \d+ s/, "$what: it says that the stream stalls, in the middle of a frame");
        $terminal->type('End');
        unlike $terminal->screen, qr/event \Q$events\E of/, "$what: the end is not there yet";
        syswrite $writer, substr($bytes, $half);
        close $writer;
        $terminal->wait_until(sub { $terminal->screen !~ /arrives: |nothing for/ });
        $terminal->type('End');
        $terminal->shows(qr/event \Q$events\E of \Q$events\E/, "$what: the rest, to the last event");
        $terminal->type('q');
        $terminal->shows(qr/ended with 0/, "$what: it ends");
}

mkfifo("$folder/fifo", 0600) or BAIL_OUT("no pipe: $!");
arrives('a named pipe', "$folder/fifo", sub { open my $writer, '>:raw', "$folder/fifo" or die; return $writer });

my $server = IO::Socket::UNIX->new(Type => SOCK_STREAM, Local => "$folder/socket", Listen => 1) or BAIL_OUT("no socket: $!");
arrives('a socket', "$folder/socket", sub { my $client = $server->accept; binmode $client; return $client });

# What is no recording is refused, and what ends before it begins.
for my $case (['no recording', 'x' x 5000], ['the beginning of one', substr $bytes, 0, 20]) {
        my ($what, $content) = @$case;
        my $terminal = live("$folder/fifo");
        open my $writer, '>:raw', "$folder/fifo" or die;
        syswrite $writer, $content;
        close $writer;
        $terminal->shows(qr/ended with 2/, "$what is refused");
        like $terminal->screen, qr/regionviz live: \S*fifo: /, 'with the reason';
}
done_testing;
