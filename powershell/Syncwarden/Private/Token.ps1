# The header that proves who calls; nothing for an app on this machine that asks nobody.
function Get-Authorization {
    param($Cmdlet, [hashtable] $Connection)
    if ($Connection.Kind -eq 'Local') { return }
    # A token that ends while a repair is under way is of no use.
    if ($Connection.ExpiresAt -lt [datetimeoffset]::UtcNow.AddMinutes(5)) { Update-Token -Cmdlet $Cmdlet -Connection $Connection }
    [System.Net.Http.Headers.AuthenticationHeaderValue]::new('Bearer', [System.Net.NetworkCredential]::new('', $Connection.Token).Password)
}

function Update-Token {
    [System.Diagnostics.CodeAnalysis.SuppressMessageAttribute('PSUseShouldProcessForStateChangingFunctions', '', Justification = 'It changes what this module remembers, and nothing else.')]
    param($Cmdlet, [hashtable] $Connection)
    try {
        if ($Connection.Kind -eq 'Az') { Update-AzToken $Connection } else { Update-IdentityToken $Connection }
    }
    catch {
        Stop-Cmdlet $Cmdlet 'auth.noToken' "No token could be had ($($Connection.Kind)): $($_.Exception.Message)" -Category AuthenticationError
    }
}

# https://learn.microsoft.com/powershell/module/az.accounts/get-azaccesstoken
function Update-AzToken {
    [System.Diagnostics.CodeAnalysis.SuppressMessageAttribute('PSUseShouldProcessForStateChangingFunctions', '', Justification = 'It changes what this module remembers, and nothing else.')]
    [System.Diagnostics.CodeAnalysis.SuppressMessageAttribute('PSAvoidUsingConvertToSecureStringWithPlainText', '', Justification = 'Older versions of Az give the token as text.')]
    param([hashtable] $Connection)
    $command = Get-Command -Name Get-AzAccessToken -ErrorAction Ignore
    if (-not $command) { throw 'Get-AzAccessToken was not found: Install-Module Az.Accounts, and Connect-AzAccount.' }
    $options = @{ ResourceUrl = $Connection.Resource; ErrorAction = 'Stop' }
    # Newer versions give a secure string without being asked, older ones when they are.
    if ($command.Parameters.ContainsKey('AsSecureString')) { $options.AsSecureString = $true }
    $given = Get-AzAccessToken @options
    $Connection.Token = if ($given.Token -is [securestring]) { $given.Token } else { ConvertTo-SecureString $given.Token -AsPlainText -Force }
    $Connection.ExpiresAt = $given.ExpiresOn
}

# https://learn.microsoft.com/azure/app-service/overview-managed-identity#rest-endpoint-reference, and on machines
# https://learn.microsoft.com/entra/identity/managed-identities-azure-resources/how-to-use-vm-token
function Update-IdentityToken {
    [System.Diagnostics.CodeAnalysis.SuppressMessageAttribute('PSUseShouldProcessForStateChangingFunctions', '', Justification = 'It changes what this module remembers, and nothing else.')]
    [System.Diagnostics.CodeAnalysis.SuppressMessageAttribute('PSAvoidUsingConvertToSecureStringWithPlainText', '', Justification = 'The endpoint gives the token as text.')]
    param([hashtable] $Connection)
    $isService = [bool]$env:IDENTITY_ENDPOINT
    $endpoint = if ($isService) { $env:IDENTITY_ENDPOINT } else { 'http://169.254.169.254/metadata/identity/oauth2/token' }
    $version = if ($isService) { '2019-08-01' } else { '2018-02-01' }
    $query = "api-version=$version&resource=$([uri]::EscapeDataString($Connection.Resource))"
    if ($Connection.ClientId) { $query += "&client_id=$([uri]::EscapeDataString($Connection.ClientId))" }
    $request = [System.Net.Http.HttpRequestMessage]::new('GET', "${endpoint}?$query")
    if ($isService) { $request.Headers.Add('X-IDENTITY-HEADER', $env:IDENTITY_HEADER) }
    $request.Headers.Add('Metadata', 'true')
    $answer = Send-Message $request
    try {
        if (-not $answer.IsSuccessStatusCode) { throw "the endpoint of the managed identity answered $([int]$answer.StatusCode)." }
        $given = Wait-Task $answer.Content.ReadAsStringAsync() | ConvertFrom-Json
    }
    finally { $answer.Dispose() }
    $Connection.Token = ConvertTo-SecureString $given.access_token -AsPlainText -Force
    $Connection.ExpiresAt = [datetimeoffset]::FromUnixTimeSeconds([long]$given.expires_on)
}
