#!/usr/bin/env perl
# An SVG in a real browser, in a window as large as a laptop's and in a small one: does it fit, can it be read?
use strict;
use warnings;
use File::Temp qw(tempdir);
use Test::More;

my $build = $ENV{BUILD} // 'build';
my $make = $ENV{MAKE} // 'make';
my ($chromium) = grep { -x } map { ("$_/chromium", "$_/chromium-browser", "$_/google-chrome") } split /:/, $ENV{PATH};
plan skip_all => 'no chromium' unless $chromium;

my $folder = tempdir(CLEANUP => 1);
system("$make --no-print-directory BUILD=$build $build/host/run_script $build/regionviz > $folder/make.log 2>&1") == 0
        or BAIL_OUT("cannot build: see `make $build/host/run_script'");

# A large space with 150 regions, as a program's is, and a search in it.
open my $script, '>', "$folder/large.ops" or die;
print $script "space 0x10000 0x7ffffffff000\n";
printf $script "map library%d 16K r-x at 0x7f00%08x\n", $_, $_ * 0x7000 for 0 .. 149;
print $script "map wanted 32K rw- near 0x7f0000070000\n";
close $script;
system("$build/host/run_script $folder/large.ops -o $folder/large.rtrace > /dev/null") == 0
        or BAIL_OUT('run_script failed');
system("$build/regionviz tree $folder/large.rtrace --at last-search -o $folder/large.svg > /dev/null") == 0
        or BAIL_OUT('regionviz failed');

# What Chromium makes of a file.
sub dom_of {
        my ($name, @options) = @_;
        my $browser = "'$chromium' --headless --no-sandbox --disable-gpu --user-data-dir=$folder/profile";
        return scalar `$browser @options --dump-dom file://$folder/$name 2> $folder/chromium.log`;
}

# The picture in a page that measures it. In a frame of a given width, since a headless browser's window has borders.
sub measure {
        my ($width) = @_;
        local $/;
        open my $file, '<', "$folder/large.svg" or die;
        my $svg = <$file> =~ s/^<\?xml.*?\?>//r;
        close $file;
        open my $page, '>', "$folder/page.html" or die;
        print $page <<"END";
<!doctype html><meta charset="utf-8"><body style="margin:0"><div style="width:${width}px">$svg</div>
<script>
const svg = document.querySelector('svg'), box = svg.getBoundingClientRect();
const heights = [...svg.querySelectorAll('text')].map(text => text.getAttribute('font-size') * text.getScreenCTM().a);
document.body.innerHTML = `measured \${box.width} \${box.height} \${Math.min(...heights)} \${heights.length}`;
</script>
END
        close $page;
        my $dom = dom_of('page.html');
        return $dom =~ /measured ([\d.]+) ([\d.]+) ([\d.]+) (\d+)/;
}

my ($width, $height, $smallest, $texts) = measure(1440);
plan skip_all => 'chromium does not run here' unless defined $width;
cmp_ok $width, '<=', 1400, 'in a window of 1440 x 900 it fits in width';
cmp_ok $height, '<=', 780, 'and in what the browser leaves of the height';
cmp_ok $smallest, '>=', 9, 'no letter is smaller than 9 pixels';
cmp_ok $texts, '>', 20, 'and there are letters';

my $ratio = $width / $height;
($width, $height) = measure(800);
cmp_ok $width, '<=', 800, 'in a window of 800 x 600 it shrinks';
cmp_ok abs($width / $height - $ratio), '<', 0.01, 'without being distorted';

($width) = measure(500);
is $width, 700, 'in a narrower one it keeps 700 pixels';

# Alone in a window of about 800 x 600 (the browser takes some of the height) all is seen, the legend, too.
system("$build/host/run_script kernel/user/workloads/teaching.ops -o $folder/teaching.rtrace > /dev/null") == 0
        or BAIL_OUT('run_script failed');
system("$build/regionviz tree $folder/teaching.rtrace --at op:52 -o $folder/alone.svg > /dev/null") == 0
        or BAIL_OUT('regionviz failed');
my $alone = do { local $/; open my $file, '<', "$folder/alone.svg" or die; <$file> };
open my $with_script, '>', "$folder/alone.svg" or die;
print $with_script $alone =~ s{</svg>\s*\z}{<script>
const root = document.documentElement;
root.setAttribute('data-seen', `alone \${root.scrollHeight} \${window.innerHeight} \${window.innerWidth} end`);
</script></svg>}r;
close $with_script;
my $dom = dom_of('alone.svg', '--window-size=800,743');
my ($scrolled, $inner_height, $inner_width) = $dom =~ /alone (\d+) (\d+) (\d+) end/;
cmp_ok $scrolled // 9999, '<=', $inner_height // 0,
        'alone in a small window nothing of it is below the edge' or diag $dom =~ /(.{0,300})/s;
my ($of_width, $of_height) = $alone =~ /viewBox="0 0 ([\d.]+) ([\d.]+)"/;
cmp_ok +($inner_width // 0) * $of_height / $of_width, '>', $inner_height // 0,
        'where its width alone would leave it higher than the window';

done_testing;
