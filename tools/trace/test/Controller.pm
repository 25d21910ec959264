# A controller of a running kernel, as docs/trace-format.md alone describes it. It speaks over two file handles: what is
# written to the one reaches the kernel, what the kernel sends is read from the other.
package Controller;
use strict;
use warnings;
use Exporter qw(import);
use File::Basename qw(dirname);
use IO::Select;
use Time::HiRes qw(time);
use lib dirname(__FILE__);
use Frames qw(frame uncobs crc32c varint varint_of);
our @EXPORT_OK = qw(%ANSWER %STAND);

our %COMMAND = (status => 0, categories => 1, keyframe => 2, header => 3, pause => 4, step_event => 5, step_tree => 6,
        step_space => 7, go => 8, run_to_event => 9, run_to_fault => 10, run_to_error => 11, run_to_tree => 12);
our %ANSWER = (done => 0, unknown => 1, bad_argument => 2, not_now => 3, repeated => 4, damaged => 5);
our %STAND = (off => 0, after_event => 1, at_entry => 2, waits => 3);

sub new {
        my ($class, $to, $from) = @_;
        return bless { to => $to, from => $from, number => 0, bytes => '',
                       messages => [], stream => '', ended => 0 }, $class;
}

# The body of a command, with arguments that are numbers; the last one may be a text.
sub body {
        my ($number, $command, @arguments) = @_;
        my $body = 'C' . varint_of(1) . varint_of($number) . varint_of($command);
        return $body . join '', map { /^\d+$/ ? varint_of($_) : $_ } @arguments;
}

sub write_bytes {
        my ($self, $bytes) = @_;
        while (length $bytes) {
                my $written = syswrite $self->{to}, $bytes;
                if (!defined $written) {
                        die "the line takes nothing: $!\n" unless $!{EAGAIN};
                        $self->poll(0.01);
                        next;
                }
                substr($bytes, 0, $written) = '';
        }
}

# Sends a command under the next number, and yields that number.
sub send_command {
        my ($self, $name, @arguments) = @_;
        $self->write_bytes(frame(body(++$self->{number}, $COMMAND{$name} // die("no command $name\n"), @arguments)));
        return $self->{number};
}

sub see {
        my ($self, $body) = @_;
        my $kind = substr $body, 0, 1, '';
        if ($kind eq 'A') {
                my %answer = (kind => 'A',
                                  map { $_ => varint(\$body) } qw(number answer last carried_out refused damaged));
                push @{$self->{messages}}, \%answer;
        } elsif ($kind eq 'S') {
                my @cpus = map { { stand => varint(\$body), number => varint(\$body) } } 1 .. varint(\$body);
                push @{$self->{messages}}, { kind => 'S', cpus => \@cpus };
        }
}

# Reads what has arrived, waiting for it so many seconds at most. False if the kernel has ended.
sub poll {
        my ($self, $seconds) = @_;
        return 0 if $self->{ended};
        return 1 unless IO::Select->new($self->{from})->can_read($seconds);
        my $got = sysread $self->{from}, my $bytes, 1 << 16;
        return 1 if !defined $got && $!{EAGAIN};
        return !($self->{ended} = 1) if !$got;
        $self->{stream} .= $bytes;
        $self->{bytes} .= $bytes;
        while ((my $end = index $self->{bytes}, "\0") >= 0) {
                my $encoded = substr $self->{bytes}, 0, $end + 1, '';
                chop $encoded;
                my $body = length $encoded ? uncobs($encoded) : undef;
                next if !defined $body || length $body < 5;
                my $sum = unpack 'V', substr $body, -4, 4, '';
                $self->see($body) if $body =~ /^[AS]/ && $sum == crc32c($body);
        }
        return 1;
}

# The next message for which a condition holds; those before it are dropped. Undefined if none comes in time.
sub wait_for {
        my ($self, $condition, $seconds) = @_;
        my $until = time + ($seconds // 20);
        for (;;) {
                while (my $message = shift @{$self->{messages}}) {
                        local $_ = $message;
                        return $message if $condition->();
                }
                return undef if time > $until || !$self->poll($until - time);
        }
}

sub answer_to {
        my ($self, $number, $seconds) = @_;
        return $self->wait_for(sub { $_->{kind} eq 'A' && $_->{number} == $number }, $seconds);
}

sub all_stand {
        my ($self, $seconds) = @_;
        return $self->wait_for(sub { $_->{kind} eq 'S' }, $seconds);
}

# Sends a command and waits for its answer: a word of %ANSWER, or "none".
sub command {
        my ($self, $name, @arguments) = @_;
        my $answer = $self->answer_to($self->send_command($name, @arguments)) or return 'none';
        my %word = reverse %ANSWER;
        return $word{$answer->{answer}};
}

1;
